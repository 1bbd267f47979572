using System.Text;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

/// <summary>Places beyond what 32 bits count: files with holes take neither the space nor the memory.</summary>
[TestClass]
public sealed class LargeWeightsTests
{
    private const long Beyond = (1L << 32) + 16;
    private static readonly WeightsOptions WithoutGap = new() { MapName = name => name == "gap" ? null : name };

    [TestMethod]
    public void Safetensors_behind_four_gigabytes_are_found()
    {
        SparseFile.Need();
        using var folder = new TemporaryFolder();
        using Linear module = nn.Linear(3, 2, hasBias: false);
        string path = Path.Combine(folder.Path, "large.safetensors");
        float[] expected = [1, 2, 3, 4, 5, 6];
        using (var file = new SparseFile(path))
        {
            file.Write(SafetensorsBytes.Raw($"{{\"gap\":{{\"dtype\":\"U8\",\"shape\":[{Beyond}],\"data_offsets\":[0,{Beyond}]}},\"weight\":{{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[{Beyond},{Beyond + 24}]}}}}"));
            file.Seek(Beyond, SeekOrigin.Current);
            file.Write(Bytes(expected));
        }

        ModuleWeights.Load(module, path, WithoutGap);
        CollectionAssert.AreEqual(expected, module.weight.Floats());
    }

    [TestMethod]
    public void A_view_behind_two_gigabytes_of_a_storage_is_found()
    {
        SparseFile.Need();
        using var folder = new TemporaryFolder();
        using Linear module = nn.Linear(3, 2, hasBias: false);
        string path = Path.Combine(folder.Path, "large.pth");
        float[] expected = [1, 2, 3, 4, 5, 6];

        const long Behind = (1L << 31) + 16;
        byte[] pickle = new PickleWriter().Begin().EmptyOrderedDictionary().Op('(').Text("weight").Tensor("0", "FloatStorage", (Behind / 4) + 6, Behind / 4, [2, 3], [3, 1]).Op('u').End();
        using (var file = new SparseFile(path))
        {
            WriteArchive(file, ("model/data.pkl", 0, pickle), ("model/data/0", Behind, Bytes(expected)));
        }

        ModuleWeights.Load(module, path);
        CollectionAssert.AreEqual(expected, module.weight.Floats());
    }

    [TestMethod]
    public void A_tensor_for_which_there_is_no_memory_is_named()
    {
        SparseFile.Need();
        if (File.ReadAllText("/proc/sys/vm/overcommit_memory").Trim() == "1")
        {
            Assert.Inconclusive("This machine promises memory that it does not have.");
        }

        const long Much = 1L << 42;
        using var folder = new TemporaryFolder();
        using var module = new Repeated(Much);
        string path = Path.Combine(folder.Path, "huge.safetensors");
        using (var file = new SparseFile(path))
        {
            file.Write(SafetensorsBytes.Raw($"{{\"weight\":{{\"dtype\":\"U8\",\"shape\":[{Much}],\"data_offsets\":[0,{Much}]}}}}"));
            file.SetLength(file.Length + Much);
        }

        string message = Assert.ThrowsExactly<NetworkLoadException>(() => ModuleWeights.Load(module, path)).Message;
        StringAssert.Contains(message, "huge.safetensors: a tensor of the shape [4398046511104] takes 4398046511104 bytes");
    }

    /// <summary>A zip file of entries as they are, whose zeros are a hole: a library would read them all for their checksum, which nobody looks at.</summary>
    private static void WriteArchive(FileStream file, params (string Name, long Zeros, byte[] Bytes)[] entries)
    {
        var headers = new List<(byte[] Common, string Name, long At)>();
        foreach ((string name, long zeros, byte[] bytes) in entries)
        {
            // Version, flags, method, time, date, checksum, both sizes, the name's length and that of what follows it.
            uint size = checked((uint)(zeros + bytes.Length));
            byte[] common = [20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes(size), .. BitConverter.GetBytes(size), .. BitConverter.GetBytes((ushort)name.Length), 0, 0];
            headers.Add((common, name, file.Position));
            file.Write([.. "PK\u0003\u0004"u8, .. common, .. Encoding.ASCII.GetBytes(name)]);
            file.Seek(zeros, SeekOrigin.Current);
            file.Write(bytes);
        }

        long directory = file.Position;
        foreach ((byte[] common, string name, long at) in headers)
        {
            file.Write([.. "PK\u0001\u0002"u8, 20, 0, .. common, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes((uint)at), .. Encoding.ASCII.GetBytes(name)]);
        }

        byte[] count = BitConverter.GetBytes((ushort)headers.Count);
        file.Write([.. "PK\u0005\u0006"u8, 0, 0, 0, 0, .. count, .. count, .. BitConverter.GetBytes((uint)(file.Position - directory)), .. BitConverter.GetBytes((uint)directory), 0, 0]);
    }

    private static byte[] Bytes(float[] values) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    /// <summary>One number that stands for many.</summary>
    private sealed class Repeated : nn.Module
    {
        public Repeated(long count)
            : base(nameof(Repeated)) => register_buffer("weight", zeros(1, ScalarType.Byte).expand(count));
    }
}
