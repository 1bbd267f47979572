using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Weights;

/// <summary>Makes the bytes of safetensors files.</summary>
internal static class SafetensorsBytes
{
    public static byte[] Of(IEnumerable<(string Name, Tensor Value)> tensors)
    {
        var parts = new List<string> { "\"__metadata__\":{\"format\":\"pt\"}" };
        var numbers = new List<byte>();
        foreach ((string name, Tensor value) in tensors)
        {
            int begin = numbers.Count;
            numbers.AddRange(value.detach().contiguous().bytes);
            parts.Add($"\"{name}\":{{\"dtype\":\"{Type(value.dtype)}\",\"shape\":[{string.Join(',', value.shape)}],\"data_offsets\":[{begin},{numbers.Count}]}}");
        }

        return Raw("{" + string.Join(',', parts) + "}   ", [.. numbers]);
    }

    public static byte[] Raw(string header, params byte[] numbers)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        return [.. prefix, .. json, .. numbers];
    }

    private static string Type(ScalarType type) => type switch
    {
        ScalarType.Float64 => "F64",
        ScalarType.Float32 => "F32",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        ScalarType.Int32 => "I32",
        ScalarType.Int16 => "I16",
        ScalarType.Int8 => "I8",
        ScalarType.Byte => "U8",
        _ => "BOOL",
    };
}
