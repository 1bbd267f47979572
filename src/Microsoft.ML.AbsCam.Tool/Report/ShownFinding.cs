using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>A finding as a page shows it.</summary>
/// <param name="finding">The finding.</param>
/// <param name="number">Its number on the page, from 1.</param>
internal sealed partial class ShownFinding(AuditFinding finding, int number)
{
    private const int LongerSide = 224;

    // Smaller pictures are shown pixel by pixel, as plates are.
    private const int TinySide = 100;

    // Of the drawing's half, so that its ends are seen.
    private const double Reach = 48;

    public bool IsConfusion => finding.Kind == AuditFindingKind.Confusion;

    public FindingRows Rows => new(Kind, finding.ClassName, IsConfusion, finding.Rows, finding.Groups.Count > 0 ? finding.Groups : null);

    private string Kind => WordStart().Replace(finding.Kind.ToString(), " $0").Trim().ToLowerInvariant();

    /// <summary>What the template names.</summary>
    public object Values()
    {
        bool isTrial = finding.Effects.Count > 0 && !IsOfPairs;
        object[] pictures = [.. finding.Pictures.Select(picture => new
        {
            picture.Caption,
            Before = Thumbnail.Of(picture.Before, LongerSide).Picture,
            After = Thumbnail.Of(picture.After, LongerSide).Picture,
            Outline = OutlineOf(picture.Row),
        })];
        return new
        {
            Number = number,
            Kind,
            Sentence = finding.Sentence.Length > 0 ? char.ToUpperInvariant(finding.Sentence[0]) + finding.Sentence[1..] : "",
            Meaning = Meaning(finding.Kind),
            Chance = Chance(finding.PValue),
            IsTrial = isTrial,
            IsTiny = finding.Pictures is [{ Before: { } one }, ..] && Math.Max(one.Width, one.Height) < TinySide,
            First = isTrial ? "before" : IsOfPairs ? "under the first run's map" : "first of two",
            Second = isTrial ? "after" : IsOfPairs ? "under the second run's map" : "second of two",
            EffectsTitle = IsOfPairs ? "What changed" : "What interventions did",
            Effects = finding.Effects.Select(Effect).ToArray(),
            Place = finding is { Region: { } region, Pictures: [var first, ..] } ? new
            {
                Picture = Thumbnail.Of(first.Before, LongerSide).Picture,
                region.Width,
                region.Height,
                Path = RegionOutline.PathText(region),
                Share = region.Share.ToString(region.Share < 0.1 ? "0.0 %" : "0 %", CultureInfo.InvariantCulture),
            }
            : null,
            Pictures = pictures,
        };
    }

    /// <summary>Whether two explained data sets are compared: then there is no intervention, and no control.</summary>
    private bool IsOfPairs => finding.Effects.Count > 0 && finding.Effects.All(effect => double.IsNaN(effect.Control));

    /// <summary>The pixels of a row that the finding speaks of, where it speaks of some in each row.</summary>
    private object? OutlineOf(long row)
    {
        int place = finding.Rows.ToList().IndexOf(row);
        return place >= 0 && place < finding.RowRegions.Count && finding.RowRegions[place] is var region ? new { region.Width, region.Height, Path = RegionOutline.PathText(region) } : null;
    }

    private object Effect(AuditEffect effect)
    {
        bool hasControl = !double.IsNaN(effect.Control);
        double most = ((double[])[1, effect.Lower, effect.Upper, effect.Mean, effect.Control]).Where(double.IsFinite).Max(Math.Abs);
        string at(double value) => (50 + (Reach * (double.IsFinite(value) ? value : 0) / most)).ToString("0.##", CultureInfo.InvariantCulture);
        return new
        {
            What = effect.Intervention,
            Label = $"change by {Signed(effect.Mean)}, interval from {Signed(effect.Lower)} to {Signed(effect.Upper)}{(hasControl ? $", control {Signed(effect.Control)}" : "")}",
            Zero = at(0),
            ControlAt = at(effect.Control),
            LowerAt = at(effect.Lower),
            UpperAt = at(effect.Upper),
            MeanAt = at(effect.Mean),
            Mean = Signed(effect.Mean),
            Lower = Signed(effect.Lower),
            Upper = Signed(effect.Upper),
            Control = hasControl ? Signed(effect.Control) : null,
            Flips = hasControl || effect.Flips > 0 ? string.Create(CultureInfo.InvariantCulture, $"{effect.Flips} of {effect.Pictures} changed class") : string.Create(CultureInfo.InvariantCulture, $"{effect.Pictures} pictures"),
            Chance = Chance(effect.PValue),
            Least = effect.LeastFound.ToString("0.00", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>What a stranger is to make of it; nothing where the sentence says all.</summary>
    private static string? Meaning(AuditFindingKind kind) => kind switch
    {
        AuditFindingKind.Shortcut => "Something that is not the object makes the class. Interventions below added it to other pictures, or took it away, and the network was asked again.",
        AuditFindingKind.FixedPlace => "The class's heat lies at one place, whatever the picture shows. That may be right, where objects always stand there: look.",
        AuditFindingKind.Strategies => "The network seems to know the class by more than one thing. Groups are of pictures whose heat lies on the like.",
        _ => null,
    };

    private static string Chance(double value) => value < 0.001 ? "p < 0.001" : string.Create(CultureInfo.InvariantCulture, $"p = {value:0.###}");

    // A zero has no sign.
    private static string Signed(double value) => double.IsNaN(value) ? "none" : Math.Round(value, 2) == 0 ? "0.00" : value.ToString("+0.00;\u22120.00", CultureInfo.InvariantCulture);

    [GeneratedRegex("[A-Z]")]
    private static partial Regex WordStart();
}
