using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Writes the comparison as one page that needs no network: table, curves, then a row a photo with the methods side by side.</summary>
internal static class ComparisonPage
{
    public const string FileName = ResultNames.Page;

    /// <summary>The longer side of a picture, in pixels.</summary>
    public const int LongerSide = 224;

    // More classes than anybody reads; the file has all.
    private const int MostClasses = 100;

    private static readonly string[] ShownMeasures = ["deletion", "insertion", "pointing", "energy-pointing"];

    public static void Write(string folder, ComparisonSettings settings, Comparison comparison)
    {
        string title = string.Create(CultureInfo.InvariantCulture, $"{comparison.Lines.Count} methods on {settings.Network.Name}");
        string page = PageTemplate.Render("report/comparison.html", new
        {
            Head = PageTemplate.Head(title, "page.css", "tools.css", "comparison.css"),
            Title = title,
            Summary = Summary(settings),
            Columns = comparison.Lines[0].Cells.Select(cell => new
            {
                cell.Name,
                cell.Protocol,
                IsLowerBetter = !cell.IsHigherBetter,
                Hint = cell.SaysLittle is not null ? "no rank" : cell.IsHigherBetter ? "higher is better" : "lower is better",
            }).ToArray(),
            Parts = new[] { Part("methods", comparison, false), Part("baselines", comparison, true) },
            Plots = Plots(comparison).ToArray(),
            ClassTables = ClassTables(settings, comparison).ToArray(),
            Heads = comparison.Lines.Select(line => line.Name).ToArray(),
            Photos = Enumerable.Range(0, Math.Min(settings.Shown, settings.Files.Count)).Select(row => Photo(settings, comparison, row)).ToArray(),
            Facts = Facts(settings, comparison).Select(fact => new { fact.Name, fact.Value }).ToArray(),
            Troubles = comparison.Troubles().Select(trouble => new { trouble.Reason, trouble.What }).ToArray(),
            Looks = PageLook.Controls(hasPairs: false),
            Settings = PageLook.Settings(new { Palette = settings.Options.Overlay.ColorMap.ToString(), PageLook.Palettes, Look = PageLook.Of(settings.Options.Overlay) }),
            Script = PageLook.Script([.. PageLook.Scripts, "comparison.js"]),
        });
        AtomicFile.Write(Path.Combine(folder, FileName), file => file.Write(Encoding.UTF8.GetBytes(page)));
    }

    private static string Summary(ComparisonSettings settings)
    {
        int shown = Math.Min(settings.Shown, settings.Files.Count);
        string photos = settings.Files.Count == 1 ? "One photo" : string.Create(CultureInfo.InvariantCulture, $"{settings.Files.Count} photos");
        return $"{photos} went through a network, and each method said {QuestionText.Shown(settings.Target.Kind, settings.Network.Task)}. The measures below put every method to the same tests. {(shown < settings.Files.Count ? $"The first {shown} photos are shown." : "All photos are shown.")}";
    }

    private static object Part(string kind, Comparison comparison, bool isBaselines) => new
    {
        Kind = kind,
        IsBaselines = isBaselines,
        Lines = comparison.Lines.Where(line => line.IsBaseline == isBaselines).Select(line => new
        {
            line.Name,
            Cells = line.Cells.Select((cell, column) => Cell(cell, comparison.IsBest(line, column))).ToArray(),
            Cost = ComparisonText.Cost(line.MapForwards),
            CostValue = Value(line.MapForwards),
        }).ToArray(),
    };

    private static object Cell(TableCell cell, bool isBest) => new
    {
        Value = cell.Count == 0 ? "" : Value(cell.Mean),
        IsBest = isBest,
        Mean = cell.Count == 0 ? null : Number(cell.Mean),
        Interval = Interval(cell.Lower, cell.Upper),
        Rows = cell.Unmeasured > 0 ? string.Create(CultureInfo.InvariantCulture, $"{cell.Count} rows") : null,
    };

    private static string? Interval(double lower, double upper) => double.IsFinite(lower) ? string.Create(CultureInfo.InvariantCulture, $"{lower:0.000} \u2013 {upper:0.000}") : null;

    private static string Value(double number) => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    private static IEnumerable<object> Plots(Comparison comparison)
    {
        for (int i = 0; i < comparison.Lines[0].Metrics.Measures.Count; i++)
        {
            var curves = comparison.Lines.Select(line => (line.Name, line.Metrics.Measures[i].Curve)).Where(pair => pair.Curve is not null).Select(pair => (pair.Name, pair.Curve!)).ToArray();
            if (curves.Length > 0)
            {
                SaliencyMeasure measure = comparison.Lines[0].Metrics.Measures[i].Measure;
                yield return new
                {
                    Title = char.ToUpperInvariant(measure.Name[0]) + measure.Name[1..],
                    Hint = HintOf(measure),
                    Drawing = new Markup(CurvePlot.Svg(measure, curves)),
                    Legend = curves.Select((curve, place) => new { curve.Name, Drawing = new Markup(CurvePlot.Key(place)) }).ToArray(),
                };
            }
        }
    }

    private static string HintOf(SaliencyMeasure measure) => (SaliencyMeasure.OfRivals.Contains(measure.Name), measure.IsHigherBetter) switch
    {
        (true, true) => "The longer a curve stays up, the less the class needs what its method found least relevant.",
        (_, true) => "The faster a curve rises, the better its method found what the class needs.",
        _ => "The faster a curve falls, the better its method found what the class needs.",
    };

    /// <summary>A table a measure, a line a class, a column a method; the classes with the most rows come first.</summary>
    private static IEnumerable<object> ClassTables(ComparisonSettings settings, Comparison comparison)
    {
        foreach ((string measure, string title, ClassLine[] lines) in ClassTable.Shown(comparison))
        {
            IGrouping<int, ClassLine>[] classes = [.. lines.GroupBy(line => line.Target).OrderByDescending(one => one.Max(line => line.Count)).ThenBy(one => one.Key)];
            yield return new
            {
                Measure = measure,
                Title = title,
                Rest = Math.Max(0, classes.Length - MostClasses),
                Classes = classes.Take(MostClasses).Select(one => new
                {
                    Name = LabelOf(settings, one.Key),
                    Count = one.Max(line => line.Count),
                    Cells = comparison.Lines.Select(line => one.FirstOrDefault(cell => cell.Method == line.Name) is { Mean: var mean } cell && double.IsFinite(mean)
                        ? new { Mean = Number(mean), Interval = Interval(cell.Lower, cell.Upper) }
                        : null).ToArray(),
                }).ToArray(),
            };
        }
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string LabelOf(ComparisonSettings settings, int target)
        => target >= 0 && target < settings.Options.Labels?.Count ? settings.Options.Labels[target] : string.Create(CultureInfo.InvariantCulture, $"class {target}");

    private static object Photo(ComparisonSettings settings, Comparison comparison, int row)
    {
        JournalEntry any = comparison.Lines[0].Entries[row];
        string name = settings.Files[row].Name;
        (Thumbnail? photo, double[] region) = PhotoOf(settings, settings.Files[row]);
        return new
        {
            Name = name,
            photo?.Picture,
            Width = photo?.Width ?? LongerSide,
            Height = photo?.Height ?? LongerSide,
            Region = JsonSerializer.Serialize(region),
            Label = any.Target >= 0 ? LabelOf(settings, any.Target) : "not explained",
            Chance = any.Probability is float p ? string.Create(CultureInfo.InvariantCulture, $"{100 * p:0.0} %") : "",
            Maps = comparison.Lines.Select(line => (line.Name, Entry: line.Entries[row])).Select(map => new
            {
                Name = $"{name}, {map.Name}",
                map.Entry.Shown,
                Reason = Array.TrueForAll(map.Entry.Values, value => value is null) ? map.Entry.Reasons.OfType<string>().FirstOrDefault() : null,
                Numbers = settings.Measures.Zip(map.Entry.Values).Where(pair => pair.Second is not null && ShownMeasures.Contains(pair.First.Name))
                    .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.First.Name} {pair.Second:0.000}")).ToArray(),
            }).ToArray(),
        };
    }

    /// <summary>The photo itself, small, and where maps lie on it in shares of it; null where it cannot be read (any more).</summary>
    private static (Thumbnail? Photo, double[] Region) PhotoOf(ComparisonSettings settings, InputFile file)
    {
        try
        {
            using MLImage photo = ImageFile.Load(file.Path, settings.Decoding);
            return (Thumbnail.Of(photo, LongerSide), PageLook.RegionOn(photo, settings.Options.PreprocessingFor(settings.Network)));
        }
        catch (ImageFileException)
        {
            return (null, [0, 0, 1, 1]);
        }
    }

    private static IEnumerable<(string Name, string Value)> Facts(ComparisonSettings settings, Comparison comparison)
        => [.. settings.Facts, .. comparison.Lines[0].Cells.Select(cell => (cell.Name, cell.SaysLittle is { } why ? $"{cell.Protocol}. It ranks no method here: {why}" : cell.Protocol))];
}
