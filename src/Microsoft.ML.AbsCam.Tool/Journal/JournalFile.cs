using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>
/// A file of lines that only grows, so that a process may end at any moment: whatever stands behind the last line feed was never said. It
/// belongs to one process while it is open, and threads of that may read and append at once.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int BlockBytes = 1 << 16;

    private readonly SafeFileHandle _file;
    private readonly Lock _appending = new();

    /// <param name="path">The file; it is made if need be.</param>
    /// <exception cref="UsageException">Another process has it open, or it cannot be written to.</exception>
    public JournalFile(string path)
    {
        Path = path;
        try
        {
            _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException($"The journal '{path}' cannot be written to: {e.Message} Give another folder with --output.");
        }
        catch (IOException e)
        {
            throw new UsageException($"The journal '{path}' cannot be opened ({e.Message}). If another run is at work in this folder, wait for it or give another folder with --output.");
        }

        Length = EndOfLastLine();
    }

    public string Path { get; }

    /// <summary>Where the last whole line ends.</summary>
    public long Length { get; private set; }

    /// <summary>The whole lines and where each begins.</summary>
    public IEnumerable<(long Start, string Line)> Lines()
    {
        for (long start = 0; start < Length;)
        {
            byte[] line = BytesAt(start);
            yield return (start, Encoding.UTF8.GetString(line));
            start += line.Length + 1;
        }
    }

    /// <summary>The line that begins there.</summary>
    public string LineAt(long start) => Encoding.UTF8.GetString(BytesAt(start));

    /// <returns>Where the line begins.</returns>
    public long Append(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_appending)
        {
            long start = Length;
            RandomAccess.Write(_file, bytes, start);
            Length += bytes.Length;
            return start;
        }
    }

    /// <summary>Forgets this line and all behind it.</summary>
    public void CutAt(long start)
    {
        RandomAccess.SetLength(_file, start);
        Length = start;
    }

    /// <summary>Brings everything to the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    public void Dispose() => _file.Dispose();

    private byte[] BytesAt(long start)
    {
        using var line = new MemoryStream();
        byte[] block = new byte[BlockBytes];
        while (true)
        {
            int read = RandomAccess.Read(_file, block, start + line.Length);
            int end = block.AsSpan(0, read).IndexOf((byte)'\n');
            if (end >= 0 || read == 0)
            {
                line.Write(block, 0, Math.Max(end, 0));
                return line.ToArray();
            }

            line.Write(block, 0, read);
        }
    }

    private long EndOfLastLine()
    {
        byte[] block = new byte[BlockBytes];
        for (long end = RandomAccess.GetLength(_file); end > 0;)
        {
            long start = Math.Max(0, end - BlockBytes);
            int read = RandomAccess.Read(_file, block.AsSpan(0, (int)(end - start)), start);
            int last = block.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (last >= 0)
            {
                return start + last + 1;
            }

            end = start;
        }

        return 0;
    }
}
