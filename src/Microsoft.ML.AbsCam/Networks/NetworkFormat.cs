using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Networks.Modules;
using Microsoft.ML.AbsCam.Networks.Onnx;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>How a network lies inside a saved pipeline: a letter for its kind, then what that kind writes.</summary>
internal static class NetworkFormat
{
    private const byte Onnx = (byte)'O';
    private const byte Baked = (byte)'B';
    private const byte Module = (byte)'M';

    public static void Save(ImageNetwork network, BinaryWriter writer)
    {
        writer.Write(network switch { OnnxImageNetwork => Onnx, BakedImageNetwork => Baked, _ => Module });
        network.Save(writer);
    }

    /// <exception cref="NetworkLoadException">The bytes are not what <see cref="Save"/> writes.</exception>
    public static ImageNetwork Load(BinaryReader reader)
    {
        try
        {
            byte kind = reader.ReadByte();
            return kind switch
            {
                Onnx => OnnxImageNetwork.Load(reader),
                Baked => BakedImageNetwork.Load(reader),
                Module => ModuleFile.Load(reader),
                _ => throw new NetworkLoadException($"The saved pipeline holds a network of an unknown kind ({kind}). It was written by a newer version, or is damaged."),
            };
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new NetworkLoadException("The network inside the saved pipeline is cut short or damaged. Save the pipeline again.", e);
        }
    }

    /// <summary>Reads as many bytes as were announced, without trusting the announcement with memory.</summary>
    public static byte[] ReadBytes(BinaryReader reader, long count)
    {
        if (count is < 0 or > int.MaxValue - 64)
        {
            throw new NetworkLoadException($"The saved pipeline announces a network of {count} bytes, which cannot be. It is damaged.");
        }

        using var bytes = new MemoryStream();
        const int Block = 1 << 20;
        for (long left = count; left > 0;)
        {
            byte[] block = reader.ReadBytes((int)Math.Min(left, Block));
            if (block.Length == 0)
            {
                throw new EndOfStreamException();
            }

            bytes.Write(block);
            left -= block.Length;
        }

        return bytes.ToArray();
    }
}
