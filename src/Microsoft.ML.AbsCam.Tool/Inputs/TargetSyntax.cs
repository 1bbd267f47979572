using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>How --target is written.</summary>
/// <param name="labels">The names of the classes, if there are any.</param>
/// <param name="classes">How many classes the network has.</param>
/// <param name="truth">What each image shows, where --truth names a file; null where it does not.</param>
internal sealed class TargetSyntax(IReadOnlyList<string>? labels, int classes, IReadOnlyDictionary<string, string>? truth = null)
{
    private const string Contrast = "contrast:";
    private const string BothWays = "contrast:both:";
    private const string Output = "output:";
    private const string Region = "region:";
    private const string Box = "box:";
    private const string Similar = "similar:";
    private const string Low = ":low";

    /// <param name="texts">The option's values, one or more.</param>
    /// <exception cref="UsageException">One is none of these, or asks for a class that does not exist; or they do not go together.</exception>
    public TargetOption Parse(IReadOnlyList<string> texts) => texts switch
    {
        [var only] => Parse(only),
        _ when texts.GroupBy(text => text).FirstOrDefault(group => group.Count() > 1) is { Key: var twice } => throw new UsageException($"--target {twice}: it is given twice. Leave one of them out."),
        _ => TargetOption.Several([.. texts.Select(text => Parse(text) with { Written = text })]),
    };

    /// <param name="text">The option's value.</param>
    /// <exception cref="UsageException">The text is none of these, or asks for a class that does not exist.</exception>
    public TargetOption Parse(string text) => text switch
    {
        // A class may be called anything.
        _ when labels?.Contains(text) == true => new TargetOption(SaliencyTarget.Class(text)),
        "predicted" => new TargetOption(SaliencyTarget.Predicted),
        _ when text.StartsWith("top:", StringComparison.Ordinal) => Top(text),
        _ when text.StartsWith(BothWays, StringComparison.Ordinal) && labels?.Contains(text[Contrast.Length..]) != true => AskedBothWays(text),
        Contrast + "runner-up" => new TargetOption(SaliencyTarget.Contrast(SaliencyTarget.RunnerUp), TargetKind.Contrast),
        Contrast + "truth" when labels?.Contains("truth") != true => AgainstTruth(text),
        _ when text.StartsWith(Contrast, StringComparison.Ordinal) => Class(text, Contrast) is var other ? other with { Target = SaliencyTarget.Contrast(other.Target), Kind = TargetKind.Contrast } : other,
        _ when text.StartsWith(Output, StringComparison.Ordinal) => OneOutput(text),
        _ when text.StartsWith(Region, StringComparison.Ordinal) => InRegion(text),
        Box + "best" => new TargetOption(SaliencyTarget.Box(), TargetKind.Box),
        _ when text.StartsWith(Box, StringComparison.Ordinal) && Sides(text[Box.Length..]) is [var left, var top, var width, var height] sides
            => new TargetOption(SaliencyTarget.Box(left, top, width, height), TargetKind.Box) { Sides = sides },
        _ when text.StartsWith(Box, StringComparison.Ordinal) => Class(text, Box) is var box ? box with { Target = SaliencyTarget.Box(box.Target), Kind = TargetKind.Box } : box,
        _ when text.StartsWith(Similar, StringComparison.Ordinal) => new TargetOption(SaliencyTarget.Similar([1]), TargetKind.Similar) { ReferencePath = text[Similar.Length..] },
        _ => Class(text, ""),
    };

    /// <summary>What tells two values of the option apart: where one names a file, what is in the file counts.</summary>
    public static string IdentityOf(string text)
    {
        int place = text.StartsWith(BothWays, StringComparison.Ordinal) ? BothWays.Length : text.IndexOf(':') + 1;
        string prefix = text[..place];
        if (prefix == Region && text.LastIndexOf('@') is int at && at > place)
        {
            return prefix + ContentHash.OfText(text[place..at]) + text[at..];
        }

        return prefix == Similar ? prefix + ContentHash.OfFile(text[place..])
            : prefix is Contrast or BothWays or Region or Box ? prefix + ContentHash.OfText(text[place..])
            : ContentHash.OfText(text);
    }

    private TargetOption Top(string text) =>
        int.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1 && count <= classes
            ? new TargetOption(SaliencyTarget.Top(count)) { Count = count }
            : throw new UsageException($"--target {text}: after 'top:' comes a number of classes, 1 to {classes} with this network.");

    // What speaks for the predicted class and not for the other, and what for the other and not for the predicted.
    private TargetOption AskedBothWays(string text)
    {
        string asked = Contrast + text[BothWays.Length..];
        TargetOption one = Parse(asked) with { Written = asked };
        return one.Target == SaliencyTarget.Contrast(SaliencyTarget.RunnerUp)
            ? throw new UsageException($"--target {text}: the runner-up follows from the class that it is told from, so this is asked one way. Name the class, or take contrast:runner-up.")
            : TargetOption.BothWays(one, one.ByImage is null ? Class(text, BothWays).Target : SaliencyTarget.Column(nameof(PhotoRow.Target)));
    }

    private TargetOption AgainstTruth(string text) => truth is not null
        ? new TargetOption(SaliencyTarget.Contrast(SaliencyTarget.Column(nameof(PhotoRow.Target))), TargetKind.Contrast) { ByImage = truth, IsAgainstTruth = true }
        : throw new UsageException($"--target {text}: the true classes are to come from --truth @FILE.csv or --truth folder. Give it, or contrast:@FILE.csv.");

    private static TargetOption OneOutput(string text)
    {
        bool isLow = text.EndsWith(Low, StringComparison.Ordinal);
        string place = text[Output.Length..^(isLow ? Low.Length : 0)];
        return int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? new TargetOption(SaliencyTarget.Output(index, isLow), TargetKind.Output)
            : throw new UsageException($"--target {text}: after 'output:' comes the place of a number in the output, from 0, and ':low' behind it to ask what makes it small.");
    }

    // region:CLASS, region:CLASS@FOLDER, region:@FILE.csv, region:@FILE.csv@FOLDER
    private TargetOption InRegion(string text)
    {
        string what = text[Region.Length..];
        int at = labels?.Contains(what) == true ? -1 : what.LastIndexOf('@');
        MaskFolder? masks = at > 0 ? new MaskFolder(what[(at + 1)..], $"--target {text}") : null;
        string name = at > 0 ? what[..at] : what;
        TargetOption region = name == "predicted" && labels?.Contains(name) != true ? new TargetOption(SaliencyTarget.Predicted) : Class(text, Region, name);
        return region with { Target = SaliencyTarget.Region(region.Target, masks is null ? null : nameof(PhotoRow.Region)), Kind = TargetKind.Region, Masks = masks };
    }

    // Four numbers, or nothing: a class may be called "a,b".
    private static double[]? Sides(string text)
    {
        string[] parts = text.Split(',');
        double[] sides = [.. parts.Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double side) ? side : double.NaN)];
        return sides.Length == 4 && sides.All(double.IsFinite)
            ? sides[2] > 0 && sides[3] > 0 ? sides : throw new UsageException($"--target box:{text}: a box is its left and upper side, its width and its height, in pixels of the photo, and the last two are above 0.")
            : null;
    }

    private TargetOption Class(string text, string prefix, string? given = null)
    {
        string name = given ?? text[prefix.Length..];
        if (name.StartsWith('@'))
        {
            return new TargetOption(SaliencyTarget.Column(nameof(PhotoRow.Target))) { ByImage = ClassFile.Read("--target", name[1..]) };
        }

        if (labels?.Contains(name) == true)
        {
            return new TargetOption(SaliencyTarget.Class(name));
        }

        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return index < classes
                ? new TargetOption(SaliencyTarget.Class(index))
                : throw new UsageException($"--target {text}: the network has {classes} classes, 0 to {classes - 1}.");
        }

        if (labels is null || name.Length == 0)
        {
            throw new UsageException($"--target {text}: predicted, top:K, a class, @FILE.csv, contrast:, output:, region:, box: or similar: is expected. A class is an index, 0 to {classes - 1}; its name will do where --labels gives the names.");
        }

        // The library knows the names that are near.
        return new TargetOption(SaliencyTarget.Class(name));
    }
}
