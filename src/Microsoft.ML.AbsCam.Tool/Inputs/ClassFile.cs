using System.Globalization;
using CsvHelper;
using Microsoft.ML.AbsCam.Onnx.Files;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>A CSV file with a column <c>image</c> and a column <c>target</c>: a class an image.</summary>
internal static class ClassFile
{
    /// <param name="option">The option that names the file, for messages.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="UsageException">The file cannot be read, or has no such columns.</exception>
    public static Dictionary<string, string> Read(string option, string path)
    {
        try
        {
            using var reader = new StreamReader(RegularFile.OpenRead(path));
            using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
            if (!csv.Read() || !csv.ReadHeader() || !csv.HeaderRecord!.Contains("image") || !csv.HeaderRecord!.Contains("target"))
            {
                throw Wrong("its first line does not name the columns 'image' and 'target'.");
            }

            // A table from Windows has backslashes between folders; elsewhere a name may have one in it.
            var classes = new Dictionary<string, string>(StringComparer.Ordinal);
            while (csv.Read())
            {
                if (!csv.TryGetField("image", out string? image) || !csv.TryGetField("target", out string? target))
                {
                    throw Wrong($"line {csv.Parser.RawRow} has too few fields.");
                }

                classes[image!] = target!;
                classes.TryAdd(image!.Replace('\\', '/'), target!);
            }

            return classes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvHelperException)
        {
            throw Wrong($"it cannot be read: {e.Message.Split('\n')[0].TrimEnd()}");
        }

        UsageException Wrong(string problem) => new($"{option} @{path}: {problem} A CSV file is needed, such as 'image,target', then 'cats/1.jpg,3' a line.");
    }
}
