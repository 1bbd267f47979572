using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.AbsCam.Onnx.Files;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>NumPy's file format for one array, as far as it holds float32 in row-major order.</summary>
internal static partial class NpyFile
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="InvalidDataException">The file is not an array of float32 with at most <paramref name="maximum"/> values.</exception>
    public static (float[] Values, int[] Shape) Read(string path, long maximum)
    {
        using FileStream file = RegularFile.OpenRead(path);
        Span<byte> start = stackalloc byte[8];
        if (file.ReadAtLeast(start, 8, throwOnEndOfStream: false) < 8 || !start[..6].SequenceEqual(Magic))
        {
            throw new InvalidDataException("this is not a NumPy file: it does not begin as one.");
        }

        byte[] length = new byte[start[6] >= 2 ? 4 : 2];
        if (file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
        {
            throw new InvalidDataException("the NumPy file is cut short.");
        }

        long headerLength = length.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (headerLength > 65536 || headerLength > file.Length - file.Position)
        {
            throw new InvalidDataException("the NumPy file is cut short, or its header is damaged.");
        }

        byte[] header = new byte[headerLength];
        file.ReadExactly(header);
        Match match = Header().Match(Encoding.Latin1.GetString(header));
        if (!match.Success || match.Groups["order"].Value == "True")
        {
            throw new InvalidDataException("this is not an array of float32 in row-major order. Save it with numpy.save(file, array.astype('float32', order='C')).");
        }

        int[] shape = [.. match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : -1)];
        double count = shape.Aggregate(1.0, (product, size) => product * size);
        if (shape.Contains(-1) || count < 1 || count > maximum)
        {
            throw new InvalidDataException($"the array has the shape ({match.Groups["shape"].Value}), and the network takes {maximum} values.");
        }

        if (file.Length - file.Position < count * 4)
        {
            throw new InvalidDataException($"the NumPy file is cut short: its shape is ({match.Groups["shape"].Value}), and {(file.Length - file.Position) / 4} of {count} values are there.");
        }

        float[] values = new float[(int)count];
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return (values, shape);
    }

    public static void Write(Stream file, ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        var sizes = new StringBuilder();
        foreach (int size in shape)
        {
            sizes.Append(CultureInfo.InvariantCulture, $"{size}, ");
        }

        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes.ToString().TrimEnd()}), }}";

        // The header ends in a line feed, and the numbers begin at a multiple of 64 bytes.
        header = header.PadRight(((header.Length + 11 + 63) / 64 * 64) - 11) + "\n";
        file.Write(Magic);
        file.Write([1, 0, (byte)(header.Length & 0xff), (byte)(header.Length >> 8)]);
        file.Write(Encoding.Latin1.GetBytes(header));
        file.Write(MemoryMarshal.AsBytes(values));
    }

    [GeneratedRegex(@"'descr':\s*'<f4'.*'fortran_order':\s*(?<order>True|False).*'shape':\s*\((?<shape>[^)]*)\)", RegexOptions.Singleline)]
    private static partial Regex Header();
}
