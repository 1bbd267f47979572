using System.Security.Cryptography;
using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>
/// A file that gets its name only when it is whole: it is written aside, brought to the disk, and renamed. One that is not completed leaves
/// nothing behind, and the file that had the name before stays as it was.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _aside;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isCompleted;

    /// <param name="path">The name that it will have; its folder is made if need be.</param>
    /// <param name="workFolder">Where it is until then, on the same volume; null for beside it.</param>
    public AtomicFile(string path, string? workFolder = null)
    {
        _path = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(_path)!;
        Directory.CreateDirectory(folder);
        _aside = Path.Combine(workFolder ?? folder, $"{Guid.NewGuid():n}.tmp");
        _file = new FileStream(_aside, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        Stream = new HashedStream(_file, _hash);
    }

    /// <summary>What is written to it; it need not be closed.</summary>
    public Stream Stream { get; }

    /// <summary>Ends the file and gives it its name.</summary>
    /// <param name="name">What its folder calls it.</param>
    public KeptFile Complete(string name)
    {
        _file.Flush(flushToDisk: true);
        long length = _file.Length;
        _file.Dispose();
        File.Move(_aside, _path, overwrite: true);
        _isCompleted = true;
        return new KeptFile(name, length, Convert.ToHexStringLower(_hash.GetHashAndReset()));
    }

    /// <summary>Writes a file in one go.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        using var file = new AtomicFile(path);
        write(file.Stream);
        file.Complete(path);
    }

    public void Dispose()
    {
        _hash.Dispose();
        if (_isCompleted)
        {
            return;
        }

        try
        {
            // A full disk fails the last flush, too.
            _file.Dispose();
        }
        catch (IOException)
        {
        }

        File.Delete(_aside);
    }
}
