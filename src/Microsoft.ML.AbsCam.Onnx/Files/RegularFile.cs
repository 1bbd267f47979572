namespace Microsoft.ML.AbsCam.Onnx.Files;

/// <summary>
/// Opens files that a user names. A pipe, a socket and a device are refused before they are opened: opening a pipe waits for
/// its writer, and some devices never end.
/// </summary>
/// <remarks>
/// .NET does not tell what kind of file a path is. But all of these have a length of 0, and an empty file is of no use to any
/// reader here, so the length decides.
/// </remarks>
internal static class RegularFile
{
    /// <summary>What is wrong with a file that <see cref="HasBytes"/> denies, as the end of a sentence.</summary>
    public const string NoBytes = "is empty (0 bytes), or a pipe, a socket or a device";

    /// <summary>Whether the file that is there, or the one that a link ends at, has bytes to read.</summary>
    /// <exception cref="IOException">A chain of links is too long or ends nowhere.</exception>
    public static bool HasBytes(string path)
    {
        var file = new FileInfo(path);

        // A link has a length of its own. One into a process's open pipe leads to a name that is no file.
        FileSystemInfo target = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        return target is FileInfo { Exists: true, Length: > 0 };
    }

    /// <exception cref="IOException">There is no such file, it cannot be opened, or it is no regular file with bytes.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        if (File.Exists(path) && !HasBytes(path))
        {
            throw Refusal();
        }

        FileStream file = File.OpenRead(path);
        if (!file.CanSeek)
        {
            // Some systems count what waits in a pipe as its length.
            file.Dispose();
            throw Refusal();
        }

        return file;
    }

    private static IOException Refusal() => new($"it {NoBytes}.");
}
