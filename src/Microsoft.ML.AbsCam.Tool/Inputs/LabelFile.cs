namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>A text file with one class name a line.</summary>
internal static class LabelFile
{
    /// <exception cref="UsageException">The file cannot be read or is empty.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        try
        {
            string[] labels = File.ReadAllLines(path);
            int count = labels.Length;
            while (count > 0 && string.IsNullOrWhiteSpace(labels[count - 1]))
            {
                count--;
            }

            return count > 0 ? [.. labels.Take(count).Select(label => label.Trim())] : throw new UsageException($"The label file '{path}' is empty. One class name a line is needed.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The label file '{path}' cannot be read: {e.Message}");
        }
    }
}
