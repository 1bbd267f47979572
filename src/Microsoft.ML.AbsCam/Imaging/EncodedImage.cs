using SkiaSharp;

namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Brings encoded bytes into memory with managed reads: an exception inside a decoder's own read callback would end the process.</summary>
internal static class EncodedImage
{
    private const int BlockBytes = 1 << 16;

    public static SKData Read(Stream stream, string name, long maxBytes)
    {
        if (!stream.CanSeek)
        {
            return ReadToEnd(stream, name, maxBytes);
        }

        var length = stream.Length - stream.Position;
        Check(length, name, maxBytes);
        var written = WrittenAt(stream);
        var data = SKData.Create(length);
        try
        {
            stream.ReadExactly(data.Span);
            return stream.Length == stream.Position && WrittenAt(stream) == written
                ? data
                : throw new ImageFileException(name, "it was written to while it was read. Try again when it is complete.");
        }
        catch (EndOfStreamException e)
        {
            data.Dispose();
            throw new ImageFileException(name, "it became shorter while it was read. Try again when it is complete.", e);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    public static SKData Copy(ReadOnlySpan<byte> bytes, string name, long maxBytes)
    {
        Check(bytes.Length, name, maxBytes);
        return SKData.CreateCopy(bytes);
    }

    /// <summary>A file may be overwritten in place, where half of one image and half of another can make a third that decodes.</summary>
    private static DateTime WrittenAt(Stream stream) => stream is FileStream file ? File.GetLastWriteTimeUtc(file.SafeFileHandle) : default;

    private static SKData ReadToEnd(Stream stream, string name, long maxBytes)
    {
        using var memory = new MemoryStream();
        var block = new byte[BlockBytes];
        for (var read = stream.Read(block); read > 0; read = stream.Read(block))
        {
            memory.Write(block, 0, read);
            if (memory.Length > maxBytes)
            {
                break;
            }
        }

        return Copy(memory.GetBuffer().AsSpan(0, (int)memory.Length), name, maxBytes);
    }

    private static void Check(long length, string name, long maxBytes)
    {
        if (length <= 0)
        {
            throw new ImageFileException(name, "it is empty (0 bytes); expected an image. Copy or download it again.");
        }

        if (length > maxBytes)
        {
            throw new ImageFileException(name, FormattableString.Invariant($"it has more than {maxBytes:N0} bytes, the limit set by ImageFileOptions.MaxBytes. Raise the limit if this is an image."));
        }
    }
}
