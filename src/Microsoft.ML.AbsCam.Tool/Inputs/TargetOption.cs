using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>What --target says: predicted, top:K, a class by name or index, or @FILE.csv with a class an image.</summary>
/// <param name="Target">What the pipeline is asked for.</param>
/// <param name="ByImage">The class of each image, where they come from a file.</param>
/// <param name="Count">How many classes of an image are explained.</param>
internal sealed record TargetOption(SaliencyTarget Target, IReadOnlyDictionary<string, string>? ByImage = null, int Count = 1)
{
    /// <param name="text">The option's value.</param>
    /// <param name="labels">The names of the classes, if there are any.</param>
    /// <param name="classes">How many classes the network has.</param>
    /// <exception cref="UsageException">The text is none of these, or asks for a class that does not exist.</exception>
    public static TargetOption Parse(string text, IReadOnlyList<string>? labels, int classes)
    {
        if (text == "predicted")
        {
            return new TargetOption(SaliencyTarget.Predicted);
        }

        if (text.StartsWith('@'))
        {
            return new TargetOption(SaliencyTarget.Column(nameof(PhotoRow.Target)), ClassFile.Read("--target", text[1..]));
        }

        if (text.StartsWith("top:", StringComparison.Ordinal))
        {
            return int.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= 1 && count <= classes
                ? new TargetOption(SaliencyTarget.Top(count), Count: count)
                : throw new UsageException($"--target {text}: after 'top:' comes a number of classes, 1 to {classes} with this network.");
        }

        if (labels?.Contains(text) == true)
        {
            return new TargetOption(SaliencyTarget.Class(text));
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return index < classes
                ? new TargetOption(SaliencyTarget.Class(index))
                : throw new UsageException($"--target {text}: the network has {classes} classes, 0 to {classes - 1}.");
        }

        if (labels is null || text.Length == 0)
        {
            throw new UsageException($"--target {text}: predicted, top:K, a class or @FILE.csv is expected. A class is an index, 0 to {classes - 1}; its name will do where --labels gives the names.");
        }

        // The library knows the names that are near.
        return new TargetOption(SaliencyTarget.Class(text));
    }
}
