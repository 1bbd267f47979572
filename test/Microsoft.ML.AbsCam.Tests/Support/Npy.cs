using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A float32 array as NumPy saves it.</summary>
internal sealed record Npy(float[] Values, long[] Shape)
{
    public static Npy Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < 10 || !bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8) || bytes[6] != 1)
        {
            throw new InvalidDataException($"{path} is not a NumPy file of version 1.");
        }

        int start = 10 + BitConverter.ToUInt16(bytes, 8);
        string header = Encoding.ASCII.GetString(bytes, 10, start - 10);
        if (!header.Contains("'<f4'", StringComparison.Ordinal) || !header.Contains("'fortran_order': False", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path} is not a float32 array in row order: {header}");
        }

        string sizes = Regex.Match(header, @"'shape': \(([^)]*)\)").Groups[1].Value;
        long[] shape = [.. sizes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
        float[] values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start)).ToArray();
        return values.Length == shape.Aggregate(1L, (product, size) => product * size)
            ? new Npy(values, shape)
            : throw new InvalidDataException($"{path} holds {values.Length} numbers for the shape ({sizes}).");
    }
}
