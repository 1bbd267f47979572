using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>What --target says: predicted, top:K, a class by name or index, @FILE.csv with a class an image, or a question of another kind.</summary>
/// <param name="Target">What the pipeline is asked for.</param>
/// <param name="ByImage">The class of each image, where they come from a file.</param>
/// <param name="Count">How many classes of an image are explained.</param>
/// <param name="ReferencePath">The picture to compare with; the target then only says that it is so, until the picture is read.</param>
internal sealed record TargetOption(SaliencyTarget Target, IReadOnlyDictionary<string, string>? ByImage = null, int Count = 1, string? ReferencePath = null)
{
    private const string Contrast = "contrast:";
    private const string Output = "output:";
    private const string Region = "region:";
    private const string Box = "box:";
    private const string Similar = "similar:";
    private const string Low = ":low";

    /// <param name="text">The option's value.</param>
    /// <param name="labels">The names of the classes, if there are any.</param>
    /// <param name="classes">How many classes the network has.</param>
    /// <exception cref="UsageException">The text is none of these, or asks for a class that does not exist.</exception>
    public static TargetOption Parse(string text, IReadOnlyList<string>? labels, int classes)
    {
        // A class may be called anything.
        if (labels?.Contains(text) == true)
        {
            return new TargetOption(SaliencyTarget.Class(text));
        }

        TargetOption ofClass(string prefix) => Class(text, text[prefix.Length..], labels, classes);
        return text switch
        {
            "predicted" => new TargetOption(SaliencyTarget.Predicted),
            _ when text.StartsWith("top:", StringComparison.Ordinal) => Top(text, classes),
            Contrast + "runner-up" => new TargetOption(SaliencyTarget.Contrast(SaliencyTarget.RunnerUp)),
            _ when text.StartsWith(Contrast, StringComparison.Ordinal) => ofClass(Contrast) is var other ? other with { Target = SaliencyTarget.Contrast(other.Target) } : other,
            _ when text.StartsWith(Output, StringComparison.Ordinal) => OneOutput(text),
            Region + "predicted" => new TargetOption(SaliencyTarget.Region()),
            _ when text.StartsWith(Region, StringComparison.Ordinal) => ofClass(Region) is var region ? region with { Target = SaliencyTarget.Region(region.Target) } : region,
            Box + "best" => new TargetOption(SaliencyTarget.Box()),
            _ when text.StartsWith(Box, StringComparison.Ordinal) && Sides(text[Box.Length..]) is [var left, var top, var width, var height] => new TargetOption(SaliencyTarget.Box(left, top, width, height)),
            _ when text.StartsWith(Box, StringComparison.Ordinal) => ofClass(Box) is var box ? box with { Target = SaliencyTarget.Box(box.Target) } : box,
            _ when text.StartsWith(Similar, StringComparison.Ordinal) => new TargetOption(SaliencyTarget.Similar([1]), ReferencePath: text[Similar.Length..]),
            _ => ofClass(""),
        };
    }

    /// <summary>What tells two values of the option apart: where one names a file, what is in the file counts.</summary>
    public static string IdentityOf(string text)
    {
        int place = text.IndexOf(':') + 1;
        string prefix = text[..place];
        return prefix == Similar ? prefix + ContentHash.OfFile(text[place..])
            : prefix is Contrast or Region or Box ? prefix + ContentHash.OfText(text[place..])
            : ContentHash.OfText(text);
    }

    /// <summary>The same with the picture's embedding in place.</summary>
    public TargetOption With(float[] embedding) => this with { Target = SaliencyTarget.Similar(embedding) };

    private static TargetOption Top(string text, int classes) =>
        int.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1 && count <= classes
            ? new TargetOption(SaliencyTarget.Top(count), Count: count)
            : throw new UsageException($"--target {text}: after 'top:' comes a number of classes, 1 to {classes} with this network.");

    private static TargetOption OneOutput(string text)
    {
        bool isLow = text.EndsWith(Low, StringComparison.Ordinal);
        string place = text[Output.Length..^(isLow ? Low.Length : 0)];
        return int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? new TargetOption(SaliencyTarget.Output(index, isLow))
            : throw new UsageException($"--target {text}: after 'output:' comes the place of a number in the output, from 0, and ':low' behind it to ask what makes it small.");
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

    private static TargetOption Class(string text, string name, IReadOnlyList<string>? labels, int classes)
    {
        if (name.StartsWith('@'))
        {
            return new TargetOption(SaliencyTarget.Column(nameof(PhotoRow.Target)), ClassFile.Read("--target", name[1..]));
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
