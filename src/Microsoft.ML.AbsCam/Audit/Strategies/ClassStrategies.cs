using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Places;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Strategies;

/// <summary>
/// Whether what lies under the heat of a class's rows falls into groups. The index of two groups is compared with that of points drawn from one normal distribution of the
/// same variances (SigClust of Liu and others 2008, with a normal tail), corrected for the number of classes; the number of groups is that of the best silhouette.
/// </summary>
/// <param name="table">The rows.</param>
/// <param name="level">The probability of a false finding among all classes.</param>
/// <param name="seed">What everything is drawn from.</param>
internal sealed class ClassStrategies(EvidenceTable table, double level, int seed)
{
    private const int LeastRows = 40;
    private const int MostClasses = 100;
    private const int MostRows = 200;
    private const int Components = 8;
    private const int Simulations = 20;
    private const int MostGroups = 4;
    private const int Shown = 3;

    private readonly MLContext _context = new(seed);

    public IReadOnlyList<AuditFinding> Find(ICollection<string> tested)
    {
        (int Class, EvidenceRow[] Rows)[] classes = [.. table.Classes(LeastRows).OrderByDescending(group => group.Rows.Length).Take(MostClasses)];
        var random = new Random(seed);
        Strategy[] all = [.. classes.Select(group => Try(group.Class, group.Rows, random))];
        double[] corrected = Holm.Adjust([.. all.Select(strategy => strategy.PValue)]);
        (Strategy First, double Second)[] found = [.. all.Zip(corrected).Where(pair => pair.Second <= level)];
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Strategies: {classes.Length} classes of {LeastRows} rows or more (at most {MostClasses}), the first {Components} principal components of what lies under their heat, two groups against one normal distribution ({Simulations} draws, normal tail, Holm, level {level}). {found.Length} found."));
        return [.. found.OrderBy(pair => pair.Second).Select(pair => Told(pair.First, pair.Second))];
    }

    private Strategy Try(int c, EvidenceRow[] rows, Random random)
    {
        EvidenceRow[] taken = [.. rows];
        random.Shuffle(taken);
        taken = taken[..Math.Min(taken.Length, MostRows)];
        var space = FeatureSpace.Of(_context, [.. taken.Select(row => row.Features!)], Math.Min(Components, taken[0].Features!.Length));
        float[][] points = space.Points([.. taken.Select(row => row.Features!)]);
        if (points[0].Length == 0)
        {
            return new Strategy(c, rows, space, points, Grouping.None(points.Length), 1);
        }

        Grouping two = Grouping.Of(_context, points, 2);
        double[] deviations = [.. Enumerable.Range(0, points[0].Length).Select(i => Deviation([.. points.Select(point => (double)point[i])]))];
        double[] drawn = [.. Enumerable.Range(0, Simulations).Select(_ => Grouping.Of(_context, [.. points.Select(_ => deviations.Select(deviation => (float)(deviation * Gaussian(random))).ToArray())], 2).Index)];
        double distance = (two.Index - drawn.Average()) / Math.Max(Deviation(drawn), 1e-9);
        return new Strategy(c, rows, space, points, two, Power.Cumulative(distance));
    }

    private AuditFinding Told(Strategy strategy, double value)
    {
        (Grouping Grouping, double Silhouette) best = Enumerable.Range(2, MostGroups - 1)
            .Select(groups => groups == 2 ? strategy.Two : Grouping.Of(_context, strategy.Points, groups))
            .Select(grouping => (grouping, grouping.Silhouette(strategy.Points)))
            .MaxBy(pair => pair.Item2);

        // Groups are found among some rows, and every row of the class is told.
        int[] groupOf = best.Grouping.Assign(strategy.Space.Points([.. strategy.Rows.Select(row => row.Features!)]));
        EvidenceRow[][] groups = [.. strategy.Rows.Zip(groupOf).GroupBy(pair => pair.Second).Select(group => group.Select(pair => pair.First).ToArray()).OrderByDescending(group => group.Length)];
        string name = table.NameOf(strategy.Class);
        string[] texts = [.. groups.Select(group => Text(group, strategy.Rows.Length))];
        string told = string.Join("; ", groups.Zip(texts, (group, text) => $"{text}, such as {string.Join(", ", group.Take(Shown).Select(row => row.Caption))}"));
        return new AuditFinding(
            AuditFindingKind.Strategies, strategy.Class, name, string.Create(CultureInfo.InvariantCulture, $"what lies under the heat of '{name}' falls into {groups.Length} groups (silhouette {best.Silhouette:0.00}): {told}."), value)
        {
            Rows = [.. groups.SelectMany(group => group.Take(Shown)).Select(row => row.Position)],
            RowNames = [.. groups.SelectMany(group => group.Take(Shown)).Select(row => row.Caption)],
            Groups = [.. groups.Zip(texts, (group, text) => new AuditGroup(text, [.. group.Select(row => row.Position)]))],
        };
    }

    private string Text(EvidenceRow[] group, int all)
    {
        EvidenceRow[] known = [.. group.Where(row => row.Truth >= 0)];
        string right = known.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {known.Count(row => row.Truth == row.Predicted) / (double)known.Length:P0} right");
        double[] onObject = [.. group.Select(row => row.OnObject).Where(share => !double.IsNaN(share))];
        string objects = onObject.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {onObject.Average():P0} of the heat on the object");
        var frame = new InputFrame(1, table.MapHeight, table.MapWidth);
        float[] mean = [.. Enumerable.Range(0, group[0].Heat.Length).Select(cell => group.Average(row => row.Heat[cell]))];
        string where = PixelSets.Words([.. mean.Select(heat => heat >= HotCells.Threshold * 2 * mean.Max())], frame);
        return string.Create(CultureInfo.InvariantCulture, $"{group.Length} of {all} pictures, hottest {where}{right}{objects}");
    }

    private static double Deviation(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Length - 1));
    }

    private static double Gaussian(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed record Strategy(int Class, EvidenceRow[] Rows, FeatureSpace Space, float[][] Points, Grouping Two, double PValue);
}
