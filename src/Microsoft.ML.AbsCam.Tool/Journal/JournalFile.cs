using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.AbsCam.Tool.Journal;

/// <summary>
/// A file of sealed lines that only grows, so that a process may end at any moment: whatever stands behind the last line feed was never said. It
/// belongs to one process while it is open, and threads of that may read and append at once.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int BlockBytes = 1 << 16;

    private readonly Lock _appending = new();
    private readonly List<string> _damages = [];
    private SafeFileHandle _file;
    private string _last = SealedLine.First;

    /// <param name="path">The file; it is made if need be.</param>
    /// <exception cref="UsageException">Another process has it open, or it cannot be written to.</exception>
    public JournalFile(string path)
    {
        Path = path;
        _file = Open(path);
        Length = EndOfLastLine();
    }

    public string Path { get; }

    /// <summary>Where the last whole line ends.</summary>
    public long Length { get; private set; }

    /// <summary>What is wrong with the file, by the line, as far as <see cref="ReadAll"/> came.</summary>
    public IReadOnlyList<string> Damages => _damages;

    /// <summary>The lines that are as they were written, and where each begins.</summary>
    public IEnumerable<(long Start, string Text)> ReadAll()
    {
        _last = SealedLine.First;
        _damages.Clear();
        int number = 1;
        for (long start = 0; start < Length; number++)
        {
            byte[] bytes = BytesAt(start);
            if (SealedLine.Open(bytes) is { } line)
            {
                if (line.Before != _last)
                {
                    Damaged(number, "does not belong behind the line before it: lines are missing, doubled or in another order");
                }

                _last = line.Seal;
                yield return (start, line.Text);
            }
            else
            {
                Damaged(number, "is not as it was written");
            }

            start += bytes.Length + 1;
        }

        void Damaged(int line, string how) => _damages.Add(string.Create(CultureInfo.InvariantCulture, $"line {line} of '{System.IO.Path.GetFileName(Path)}' {how}"));
    }

    /// <summary>What the line that begins there says.</summary>
    /// <exception cref="IOException">It was changed meanwhile.</exception>
    public string TextAt(long start) => SealedLine.Open(BytesAt(start))?.Text ?? throw new IOException($"The journal '{Path}' was changed while it was in use.");

    /// <returns>Where the line begins.</returns>
    public long Append(string text)
    {
        lock (_appending)
        {
            long start = Length;
            var line = SealedLine.Of(_last, text);
            byte[] bytes = line.ToBytes();
            RandomAccess.Write(_file, bytes, start);
            Length += bytes.Length;
            _last = line.Seal;
            return start;
        }
    }

    /// <summary>Forgets all lines.</summary>
    public void Clear()
    {
        RandomAccess.SetLength(_file, 0);
        (Length, _last) = (0, SealedLine.First);
        _damages.Clear();
    }

    /// <summary>Puts a file of these lines in the place of this one. A process that ends meanwhile leaves the file as it was.</summary>
    public void ReplaceWith(IEnumerable<string> texts)
    {
        string last = SealedLine.First;
        using (var file = new FileStream(Aside(Path), FileMode.Create, FileAccess.Write, FileShare.None))
        {
            foreach (string text in texts)
            {
                var line = SealedLine.Of(last, text);
                file.Write(line.ToBytes());
                last = line.Seal;
            }

            file.Flush(flushToDisk: true);
        }

        _file.Dispose();
        File.Move(Aside(Path), Path, overwrite: true);
        _file = Open(Path);
        Length = EndOfLastLine();
    }

    /// <summary>Brings everything to the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    public void Dispose() => _file.Dispose();

    private static string Aside(string path) => path + ".new";

    private static SafeFileHandle Open(string path)
    {
        try
        {
            SafeFileHandle file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.Delete(Aside(path));
            return file;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException($"The journal '{path}' cannot be written to: {e.Message} Give another folder with --output.");
        }
        catch (IOException e)
        {
            throw new UsageException($"The journal '{path}' cannot be opened ({e.Message}). If another run is at work in this folder, wait for it or give another folder with --output.");
        }
    }

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
