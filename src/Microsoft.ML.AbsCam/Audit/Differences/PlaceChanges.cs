using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Places;

namespace Microsoft.ML.AbsCam.Audit.Differences;

/// <summary>
/// Classes whose heat moved from one place of the picture to another, whatever the picture: the sum of a cell's changes beside the root of their squares, tested by turning the
/// signs of whole pictures, of which each is as likely where nothing moved. The greatest distance over all classes and cells corrects for all of them.
/// </summary>
internal sealed class PlaceChanges
{
    private const int Permutations = 999;
    private const int LeastRows = 8;
    private const double LeastShare = 0.05;
    private const float LeastOfHighest = 0.1f;

    // The normal distribution's quantile of 0.8.
    private const double FourOutOfFive = 0.8416;

    private readonly IGrouping<string, PicturePair>[] _classes;
    private readonly (int Height, int Width) _cells;
    private readonly InputFrame _frame;
    private readonly DiffOptions _options;

    /// <param name="pairs">The pictures.</param>
    /// <param name="cells">Rows and columns of the cells.</param>
    /// <param name="frame">The size of the second's maps, in whose pixels places are told.</param>
    /// <param name="options">How sure a finding has to be.</param>
    public PlaceChanges(IReadOnlyList<PicturePair> pairs, (int Height, int Width) cells, InputFrame frame, DiffOptions options)
    {
        _classes = [.. pairs.Where(pair => pair.HasReasons).GroupBy(pair => pair.First.Class).Where(group => group.Count() >= LeastRows).OrderBy(group => group.Key, StringComparer.Ordinal)];
        (_cells, _frame, _options) = (cells, frame, options);
    }

    public IEnumerable<AuditFinding> Find(ICollection<string> tested)
    {
        float[][][] changes = [.. _classes.Select(c => c.Select(Moved).ToArray())];
        float[][] scales = [.. changes.Select(Scale)];
        float[][] observed = [.. changes.Zip(scales, (rows, scale) => Distance(rows, scale, null))];
        var random = new Random(_options.Seed);
        double[] greatest = [.. Enumerable.Range(0, _classes.Length > 0 ? Permutations : 0).Select(_ => changes.Zip(scales, (rows, scale) => (double)Highest(Distance(rows, scale, random))).Max()).Order()];
        double critical = greatest.Length == 0 ? double.PositiveInfinity : greatest[(int)Math.Min(Math.Ceiling((1 - _options.Level) * (Permutations + 1)), Permutations) - 1];
        AuditFinding[] found = [.. _classes.Select((c, i) => Told(c, observed[i], critical, greatest)).OfType<AuditFinding>()];
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Places: {_classes.Length} classes with {LeastRows} or more pictures that keep the class, and {_cells.Height} x {_cells.Width} cells, by a test of turned signs ({Permutations} permutations, the greatest distance over all classes and cells, level {_options.Level}; a share of the heat below {LeastShare} that moved is not told){Power(scales, critical)}. {found.Length} found."));
        return found;
    }

    /// <summary>
    /// What would have been found, as a clause; empty where no class was asked about. A cell's distance has a deviation of one, so that its mean change of (critical + 0.84) deviations is beyond
    /// the critical one four times out of five.
    /// </summary>
    private string Power(float[][] scales, double critical)
    {
        double least = scales.Zip(_classes, (scale, c) => scale.Where(one => one > 0).Select(one => (critical + FourOutOfFive) / (one * c.Count())).DefaultIfEmpty(0).Max()).DefaultIfEmpty(0).Max();
        return least == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; a mean change by {least:0.000} of the heat on one cell would be found in each class and cell four times out of five");
    }

    private AuditFinding? Told(IGrouping<string, PicturePair> c, float[] observed, double critical, double[] greatest)
    {
        // Surely and by little, heat moves nearly everywhere where it moves at all.
        float[] moved = [.. Enumerable.Range(0, observed.Length).Select(cell => c.Average(pair => pair.Second.Heat[cell] - pair.First.Heat[cell]))];
        float least = LeastOfHighest * Highest(moved);
        bool[] came = [.. observed.Select((value, cell) => value > critical && moved[cell] >= least)];
        bool[] went = [.. observed.Select((value, cell) => value < -critical && moved[cell] <= -least)];
        var effects = new List<(PairedEffect Effect, bool[] Cells)>();
        foreach ((bool[] cells, string how) in (ReadOnlySpan<(bool[], string)>)[(came, "came to"), (went, "went from")])
        {
            if (cells.Contains(true))
            {
                effects.Add((new PairedEffect($"share of the heat of '{c.Key}' on the places that it {how}", [.. c.Select(pair => Share(pair.Second, cells) - Share(pair.First, cells))], 0), cells));
            }
        }

        if (!effects.Any(pair => Math.Abs(pair.Effect.Mean) >= LeastShare))
        {
            return null;
        }

        double highest = Highest(observed);
        double value = (1 + greatest.Count(drawn => drawn >= highest)) / (Permutations + 1.0);
        string places = string.Join("; ", effects.Select(pair => string.Create(CultureInfo.InvariantCulture,
            $"{c.Average(picture => Share(picture.First, pair.Cells)):P0} of it lay {PixelSets.Words(pair.Cells, new InputFrame(1, _cells.Height, _cells.Width))} in the first, {c.Average(picture => Share(picture.Second, pair.Cells)):P0} in the second")));
        bool[] all = [.. came.Zip(went, (one, other) => one || other)];
        return new AuditFinding(AuditFindingKind.Reasons, -1, c.Key, $"the heat of '{c.Key}' moved, though the class did not: {places}.", value)
        {
            Effects = [.. effects.Select(pair => pair.Effect.ToEffect(value, _options.Level, _options.Seed))],
            Rows = [.. ByMove(c, effects).Select(pair => pair.First.Position)],
            RowNames = [.. ByMove(c, effects).Select(pair => pair.First.Name)],
            Region = new AuditRegion(_frame.Height, _frame.Width, _frame.PixelsOf(all, _cells.Height, _cells.Width)),
        };
    }

    private static IEnumerable<PicturePair> ByMove(IEnumerable<PicturePair> pairs, List<(PairedEffect Effect, bool[] Cells)> effects)
        => pairs.OrderByDescending(pair => effects.Sum(effect => Math.Sign(effect.Effect.Mean) * (Share(pair.Second, effect.Cells) - Share(pair.First, effect.Cells))));

    private static double Share(ExplainedPicture picture, bool[] cells) => picture.Heat.Where((_, cell) => cells[cell]).Sum(heat => (double)heat);

    private static float[] Moved(PicturePair pair)
    {
        float[] moved = new float[pair.First.Heat.Length];
        TensorPrimitives.Subtract<float>(pair.Second.Heat, pair.First.Heat, moved);
        return moved;
    }

    /// <summary>One over the root of the sum of squares of each cell's changes, which signs do not alter; 0 where nothing changed.</summary>
    private static float[] Scale(float[][] rows)
        => [.. Enumerable.Range(0, rows[0].Length).Select(cell => rows.Sum(row => (double)row[cell] * row[cell])).Select(sum => sum > 0 ? (float)(1 / Math.Sqrt(sum)) : 0)];

    private static float[] Distance(float[][] rows, float[] scale, Random? random)
    {
        float[] sum = new float[scale.Length];
        foreach (float[] row in rows)
        {
            if (random?.Next(2) == 1)
            {
                TensorPrimitives.Subtract<float>(sum, row, sum);
            }
            else
            {
                TensorPrimitives.Add<float>(sum, row, sum);
            }
        }

        TensorPrimitives.Multiply<float>(sum, scale, sum);
        return sum;
    }

    private static float Highest(float[] distance) => Math.Max(TensorPrimitives.Max<float>(distance), -TensorPrimitives.Min<float>(distance));
}
