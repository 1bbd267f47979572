using System.Buffers.Binary;
using ICSharpCode.SharpZipLib.Checksum;

namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Finds EXIF's orientation in the containers in which SkiaSharp overlooks it: PNG's eXIf chunk, and WebP's where it repeats JPEG's marker.</summary>
internal static class ExifChunk
{
    private const ushort OrientationTag = 0x0112;
    private const int EntryBytes = 12;

    private static ReadOnlySpan<byte> PngMagic => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    private static ReadOnlySpan<byte> JpegMarker => "Exif\0\0"u8;

    /// <returns>The orientation; null where the file is of another kind, or says nothing.</returns>
    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public static ExifOrientation? OrientationIn(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngMagic))
        {
            return InPng(file[PngMagic.Length..]);
        }

        return file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8) ? InWebP(file[12..]) : null;
    }

    // Length, kind, data, checksum. It may stand before or behind the pixels.
    private static ExifOrientation? InPng(ReadOnlySpan<byte> chunks)
    {
        while (chunks.Length >= 12)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(chunks);
            if (length > chunks.Length - 12)
            {
                return null;
            }

            int end = 8 + (int)length;
            if (chunks[4..8].SequenceEqual("eXIf"u8))
            {
                var sum = new Crc32();
                sum.Update(new ArraySegment<byte>(chunks[4..end].ToArray()));
                return (uint)sum.Value == BinaryPrimitives.ReadUInt32BigEndian(chunks[end..])
                    ? InTiff(chunks[8..end])
                    : throw new InvalidDataException("its eXIf chunk has a wrong checksum, so which way up it is cannot be told");
            }

            chunks = chunks[(end + 4)..];
        }

        return null;
    }

    // Kind, length, data, and a byte where the length is odd.
    private static ExifOrientation? InWebP(ReadOnlySpan<byte> chunks)
    {
        while (chunks.Length >= 8)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]);
            if (length > chunks.Length - 8)
            {
                return null;
            }

            if (chunks.StartsWith("EXIF"u8))
            {
                return InTiff(chunks.Slice(8, (int)length));
            }

            int end = (int)Math.Min(8L + length + (length % 2), chunks.Length);
            chunks = chunks[end..];
        }

        return null;
    }

    private static ExifOrientation? InTiff(ReadOnlySpan<byte> tiff)
    {
        while (tiff.StartsWith(JpegMarker))
        {
            tiff = tiff[JpegMarker.Length..];
        }

        bool isLittle = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < 8 || (!isLittle && !tiff.StartsWith("MM\0*"u8)))
        {
            return null;
        }

        uint directory = Int(tiff[4..], isLittle);
        if (directory > tiff.Length - 2)
        {
            return null;
        }

        int entries = Short(tiff[(int)directory..], isLittle);
        ReadOnlySpan<byte> entry = tiff[((int)directory + 2)..];
        for (int i = 0; i < entries && entry.Length >= EntryBytes; i++, entry = entry[EntryBytes..])
        {
            if (Short(entry, isLittle) == OrientationTag)
            {
                uint? value = Short(entry[2..], isLittle) switch
                {
                    1 => entry[8],
                    3 => Short(entry[8..], isLittle),
                    4 => Int(entry[8..], isLittle),
                    _ => null,
                };
                return value is >= 1 and <= 8 ? (ExifOrientation)value : null;
            }
        }

        return null;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, bool isLittle)
        => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Int(ReadOnlySpan<byte> bytes, bool isLittle)
        => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
