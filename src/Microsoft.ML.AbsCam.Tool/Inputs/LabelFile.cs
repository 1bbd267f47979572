using Microsoft.ML.AbsCam.Onnx.Files;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>A text file with one class name a line.</summary>
internal static class LabelFile
{
    /// <summary>How many names there are.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static int Count(string path) => Names(path).Count;

    /// <exception cref="UsageException">The file cannot be read, or has not one name for each of the <paramref name="classes"/>.</exception>
    public static IReadOnlyList<string> Read(string path, int classes)
    {
        IReadOnlyList<string> names = Names(path);
        return names.Count == classes
            ? names
            : throw new UsageException($"The label file '{path}' {(names.Count == 0 ? "is empty" : $"has {names.Count} names")}, and the network has {classes} classes. One name a line is needed, in the order of the network's scores.");
    }

    private static IReadOnlyList<string> Names(string path)
    {
        try
        {
            var labels = new List<string>();
            using (var reader = new StreamReader(RegularFile.OpenRead(path)))
            {
                while (reader.ReadLine() is { } line)
                {
                    labels.Add(line);
                }
            }

            int count = labels.Count;
            while (count > 0 && string.IsNullOrWhiteSpace(labels[count - 1]))
            {
                count--;
            }

            return [.. labels.Take(count).Select(label => label.Trim())];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The label file '{path}' cannot be read: {e.Message}");
        }
    }
}
