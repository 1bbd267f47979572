using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

/// <summary>Small encoded images, written byte by byte where an encoder would not give what a test needs.</summary>
internal static class ImageBytes
{
    /// <summary>3 x 2, two frames: red, then blue.</summary>
    public static readonly byte[] AnimatedGif = Convert.FromBase64String(
        "R0lGODlhAwACAPAAAP8AAAAAACH5BAAKAAAAIf8LTkVUU0NBUEUyLjADAQAAACwAAAAAAwACAAACAoRfACH5BAAKAAAALAAAAAADAAIAgAAA/wAAAAIChF8AOw==");

    /// <summary>3 x 2, two frames: red, then blue.</summary>
    public static readonly byte[] AnimatedWebP = Convert.FromBase64String(
        "UklGRsAAAABXRUJQVlA4WAoAAAACAAAAAgAAAQAAQU5JTQYAAAD/////AABBTk1GSAAAAAAAAAAAAAIAAAEAAGQAAAJWUDggMAAAANABAJ0BKgMAAgACADQloAJ0ugH4AAOwAP7wxAv/ILlhdcjX/yA/5Af8gP/48gAAAEFOTUZEAAAAAAAAAAAAAgAAAQAAZAAAAFZQOCAsAAAAlAEAnQEqAwACAAAANCWgAnS6AAOYAP75k2//kB//kB//kB//ID/iF3sgMAA=");

    /// <summary>2 x 2, four colours a pixel as Adobe writes them (inverted): RGB 200, 40, 90.</summary>
    public static readonly byte[] CmykJpeg = Convert.FromBase64String(
        "/9j/7gAOQWRvYmUAZAAAAAAC/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/9sAQwECAgICAgIFAwMFCgcGBwoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK/8AAFAgAAgACBAERAAIRAQMRAQQRAP/EABUAAQEAAAAAAAAAAAAAAAAAAAYJ/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/EABUBAQEAAAAAAAAAAAAAAAAAAAQJ/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAA4EAQACEQMRBAAAPwBAQj2pA//Z");

    public static byte[] Encode(int width, int height, Func<int, int, SKColor> color, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Unpremul));
        for (var i = 0; i < width * height; i++)
        {
            bitmap.SetPixel(i % width, i / width, color(i % width, i / width));
        }

        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>A square of random colours, which no format makes small.</summary>
    public static byte[] Noise(int side, SKEncodedImageFormat format)
    {
        var random = new Random(3);
        return Encode(side, side, (_, _) => new SKColor((uint)random.Next() | 0xff000000), format);
    }

    /// <summary>A JPEG with an EXIF segment right after its start, which says nothing but the orientation.</summary>
    public static byte[] WithOrientation(byte[] jpeg, int orientation)
    {
        return [.. jpeg.AsSpan(0, 2), 0xff, 0xe1, 0, 34, .. "Exif\0\0"u8, .. Exif(orientation), .. jpeg.AsSpan(2)];
    }

    /// <summary>EXIF that says nothing but the orientation, 26 bytes.</summary>
    public static byte[] Exif(int orientation, bool isLittle = false) => isLittle
        ? [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
        : [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    /// <summary>A PNG with an eXIf chunk in front of its pixels, or behind them.</summary>
    public static byte[] PngWithExif(byte[] png, byte[] exif, bool isBehind = false)
    {
        var place = isBehind ? png.Length - 12 : 33;
        return [.. png.AsSpan(0, place), .. Chunk("eXIf"u8, exif), .. png.AsSpan(place)];
    }

    /// <summary>A WebP file in its extended form, with an EXIF chunk behind its pixels.</summary>
    public static byte[] WebPWithExif(byte[] webp, int width, int height, byte[] exif)
    {
        byte[] chunks =
        [
            .. "WEBP"u8, .. "VP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0, (byte)(width - 1), 0, 0, (byte)(height - 1), 0, 0,
            .. webp.AsSpan(12), .. "EXIF"u8, (byte)exif.Length, 0, 0, 0, .. exif,
        ];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, chunks.Length);
        return [.. "RIFF"u8, .. length, .. chunks];
    }

    /// <summary>A PNG from its rows as they are stored, each with its filter byte.</summary>
    public static byte[] Png(int width, int height, byte depth, byte colorType, byte[] rows, byte[]? palette = null, bool interlaced = false)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, colorType, (byte)(interlaced ? 1 : 0));
        return
        [
            0x89, .. "PNG\r\n\x1a\n"u8,
            .. Chunk("IHDR"u8, header),
            .. palette is null ? [] : Chunk("PLTE"u8, palette),
            .. Chunk("IDAT"u8, compressed.ToArray()),
            .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] body = [.. name, .. content];
        var (length, check) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc32(body));
        return [.. length, .. body, .. check];
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320);
            }
        }

        return ~crc;
    }
}
