using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>How large files are.</summary>
internal static class FileSizes
{
    // On a network's file system a question waits for its answer; many are asked at once.
    private static readonly ParallelOptions ManyAtOnce = new() { MaxDegreeOfParallelism = 32 };

    /// <returns>Bytes, 0 for what cannot be asked: a file that is gone is the run's to report, by name.</returns>
    public static long[] Of(IReadOnlyList<InputFile> files)
    {
        long[] sizes = new long[files.Count];
        Parallel.For(0, files.Count, ManyAtOnce, i => sizes[i] = Of(files[i].Path));
        return sizes;
    }

    private static long Of(string path)
    {
        try
        {
            var file = new FileInfo(path);

            // A data set may be a folder of links, and a link is as long as the name that it holds.
            return file.Attributes.HasFlag(FileAttributes.ReparsePoint) && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
