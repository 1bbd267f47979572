using System.Globalization;
using CsvHelper;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>What --target says: predicted, top:K, a class by name or index, or @FILE.csv with a class an image.</summary>
internal sealed class TargetOption
{
    private TargetOption(SaliencyTarget target, IReadOnlyDictionary<string, string>? byImage)
    {
        Target = target;
        ByImage = byImage;
    }

    public SaliencyTarget Target { get; }

    /// <summary>The class of each image, where they come from a file.</summary>
    public IReadOnlyDictionary<string, string>? ByImage { get; }

    /// <exception cref="UsageException">The text is none of these.</exception>
    public static TargetOption Parse(string text, IReadOnlyList<string>? labels)
    {
        if (text == "predicted")
        {
            return new TargetOption(SaliencyTarget.Predicted, null);
        }

        if (text.StartsWith('@'))
        {
            return new TargetOption(SaliencyTarget.Column(nameof(Row.Target)), ReadFile(text[1..]));
        }

        if (text.StartsWith("top:", StringComparison.Ordinal))
        {
            return int.TryParse(text.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
                ? new TargetOption(SaliencyTarget.Top(count), null)
                : throw new UsageException($"--target {text}: after 'top:' comes a number of classes, 1 or more.");
        }

        if (labels?.Contains(text) != true && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return new TargetOption(SaliencyTarget.Class(index), null);
        }

        return new TargetOption(SaliencyTarget.Class(text), null);
    }

    /// <summary>Reads a column <c>image</c> and a column <c>target</c>.</summary>
    public static Dictionary<string, string> ReadFile(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
            var targets = new Dictionary<string, string>(StringComparer.Ordinal);
            csv.Read();
            csv.ReadHeader();
            while (csv.Read())
            {
                targets[csv.GetField("image")!.Replace('\\', '/')] = csv.GetField("target")!;
            }

            return targets;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvHelperException)
        {
            throw new UsageException($"The targets in '{path}' cannot be read: {e.Message.Split('\n')[0].TrimEnd()} A CSV file with the columns 'image' and 'target' is needed.");
        }
    }
}
