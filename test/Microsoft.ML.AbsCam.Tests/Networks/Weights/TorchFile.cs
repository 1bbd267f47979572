using System.IO.Compression;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

/// <summary>Makes the bytes of files as torch.save writes them.</summary>
internal static class TorchFile
{
    public static byte[] StateDict(IEnumerable<(string Name, Tensor Value)> tensors)
    {
        PickleWriter pickle = new PickleWriter().Begin();
        var storages = new List<byte[]>();
        Dictionary(pickle, tensors, storages);
        return Archive(pickle.End(), [.. storages]);
    }

    /// <summary>A dictionary with an epoch, the weights under a key, and an optimizer's state whose keys are integers.</summary>
    public static byte[] Checkpoint(string key, IEnumerable<(string Name, Tensor Value)> tensors, string? secondKey = null)
    {
        PickleWriter pickle = new PickleWriter().Begin().Op('}').Put().Op('(');
        var storages = new List<byte[]>();
        pickle.Text("epoch").Integer(90).Text("best").Raw((byte)'G', 0x3F, 0xE8, 0, 0, 0, 0, 0, 0).Text("note").Op('N');
        pickle.Text("optimizer").Op('}').Put().Integer(0).Op('}').Put().Op('s');
        pickle.Text("betas").Op(']').Put().Op('(').Integer(-1).Integer(1L << 40).Op('e');
        foreach (string name in (string[])[key, .. secondKey is null ? Array.Empty<string>() : [secondKey]])
        {
            pickle.Text(name);
            Dictionary(pickle, tensors, storages);
        }

        return Archive(pickle.Op('u').End(), [.. storages]);
    }

    public static byte[] Archive(byte[] pickle, params byte[][] storages) => Archive(pickle, "little", CompressionLevel.NoCompression, storages);

    public static byte[] Archive(byte[] pickle, string byteOrder, CompressionLevel compression, params byte[][] storages) =>
        Zip(compression, [
            ("model/data.pkl", pickle),
            ("model/byteorder", System.Text.Encoding.ASCII.GetBytes(byteOrder)),
            .. storages.Select((bytes, i) => ($"model/data/{i}", bytes)),
            ("model/version", "3\n"u8.ToArray())]);

    public static byte[] Zip(CompressionLevel compression, (string Name, byte[] Bytes)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = zip.CreateEntry(name, compression).Open();
                entry.Write(bytes);
            }
        }

        return file.ToArray();
    }

    public static string StorageType(ScalarType type) => type switch
    {
        ScalarType.Float64 => "DoubleStorage",
        ScalarType.Float32 => "FloatStorage",
        ScalarType.Float16 => "HalfStorage",
        ScalarType.BFloat16 => "BFloat16Storage",
        ScalarType.Int64 => "LongStorage",
        ScalarType.Int32 => "IntStorage",
        ScalarType.Int16 => "ShortStorage",
        ScalarType.Int8 => "CharStorage",
        ScalarType.Byte => "ByteStorage",
        _ => "BoolStorage",
    };

    public static long[] Strides(long[] shape)
    {
        long[] strides = new long[shape.Length];
        for (long i = shape.Length - 1, step = 1; i >= 0; step *= shape[i], i--)
        {
            strides[i] = step;
        }

        return strides;
    }

    private static void Dictionary(PickleWriter pickle, IEnumerable<(string Name, Tensor Value)> tensors, List<byte[]> storages)
    {
        pickle.EmptyOrderedDictionary().Op('(');
        foreach ((string name, Tensor value) in tensors)
        {
            byte[] bytes = value.detach().contiguous().bytes.ToArray();
            pickle.Text(name).Tensor($"{storages.Count}", StorageType(value.dtype), value.numel(), 0, value.shape, Strides(value.shape));
            storages.Add(bytes);
        }

        // nn.Module.state_dict() carries the versions of its modules as an attribute.
        pickle.Op('u').Op('}').Put().Text("_metadata").EmptyOrderedDictionary().Text("").Op('}').Put().Text("version").Integer(1).Op('s').Op('s').Op('s').Op('b');
    }
}
