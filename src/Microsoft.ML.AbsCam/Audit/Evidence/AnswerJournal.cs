using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>
/// What the network answered, pass by pass, in a file that only grows: an audit is seeded, so one that ended early asks the same again, and hears what is written here in place of
/// the network. Nothing is believed that is not so: a record stands for the pictures whose hash it holds, is sealed through all before it and through who was asked, and of every few
/// records one is asked again. What does not fit is cut off, with all behind it.
/// </summary>
internal sealed class AnswerJournal : IDisposable
{
    /// <summary>Of how many records one is asked again, the first of them among these.</summary>
    public const int Checked = 32;

    // Of 32 passes of pictures with 1000 classes and 2000 channels this is 100 times as much.
    private const int MostValues = 1 << 24;
    private const int HashBytes = SHA256.HashSizeInBytes;

    private readonly string _path;
    private readonly byte[] _asked;
    private readonly FileStream _file;
    private byte[] _seal;
    private int _records;
    private bool _isAtEnd;

    /// <param name="path">The file; it is made if need be.</param>
    /// <param name="asked">A hash of who is asked, and how.</param>
    /// <exception cref="IOException">It cannot be opened, as where another audit has it.</exception>
    public AnswerJournal(string path, byte[] asked)
        => (_path, _asked, _seal, _file) = (path, asked, asked, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));

    /// <summary>How many answers were taken from the file.</summary>
    public int Heard { get; private set; }

    /// <summary>Whether the file's first record is whole, and not of what is asked.</summary>
    public bool WasOther { get; private set; }

    /// <summary>What the network says, or said.</summary>
    /// <param name="question">A hash of what is asked.</param>
    /// <param name="ask">Asks the network.</param>
    /// <exception cref="OtherAnswerException">The network answers otherwise by now.</exception>
    public float[] Of(byte[] question, Func<float[]> ask)
    {
        if (!_isAtEnd && Next(question) is { } kept)
        {
            if (_records++ % Checked == 0 && !MemoryMarshal.AsBytes<float>(ask()).SequenceEqual(MemoryMarshal.AsBytes<float>(kept)))
            {
                throw new OtherAnswerException();
            }

            Heard++;
            return kept;
        }

        float[] answer = ask();
        Add(question, answer);
        return answer;
    }

    /// <summary>An empty one in its place.</summary>
    public AnswerJournal Anew()
    {
        _file.SetLength(0);
        Dispose();
        return new AnswerJournal(_path, _asked);
    }

    public void Dispose() => _file.Dispose();

    /// <returns>Null where the file has no whole record of this question here; what is there is cut off.</returns>
    private float[]? Next(byte[] question)
    {
        long start = _file.Position;
        byte[] head = new byte[HashBytes + sizeof(int)];
        bool isWhole = Fill(head);
        if (isWhole && head.AsSpan(0, HashBytes).SequenceEqual(question) && BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(HashBytes)) is >= 0 and <= MostValues and int count)
        {
            float[] values = new float[count];
            byte[] seal = new byte[HashBytes];
            isWhole = Fill(MemoryMarshal.AsBytes(values.AsSpan())) && Fill(seal);
            if (isWhole && seal.AsSpan().SequenceEqual(SealOf(head, values)))
            {
                _seal = seal;
                return values;
            }
        }

        WasOther = start == 0 && isWhole;
        _file.SetLength(start);
        _file.Position = start;
        _isAtEnd = true;
        return null;
    }

    private void Add(byte[] question, float[] answer)
    {
        byte[] head = new byte[HashBytes + sizeof(int)];
        question.CopyTo(head, 0);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(HashBytes), answer.Length);
        _seal = SealOf(head, answer);
        _file.Write([.. head, .. MemoryMarshal.AsBytes<float>(answer), .. _seal]);
        _isAtEnd = true;
    }

    private bool Fill(Span<byte> bytes) => _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;

    private byte[] SealOf(byte[] head, float[] values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_seal);
        hash.AppendData(head);
        hash.AppendData(MemoryMarshal.AsBytes<float>(values));
        return hash.GetHashAndReset();
    }
}

/// <summary>The network answers a question otherwise than a journal says it did.</summary>
internal sealed class OtherAnswerException : Exception;
