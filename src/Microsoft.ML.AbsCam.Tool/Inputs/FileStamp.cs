using System.Globalization;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>By what a file that changed is noticed: its length and the time of its last change.</summary>
internal static class FileStamp
{
    /// <summary>The stamp of a file that is not there.</summary>
    public const string Gone = "gone";

    public static string Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length}-{file.LastWriteTimeUtc.Ticks}") : Gone;
    }
}
