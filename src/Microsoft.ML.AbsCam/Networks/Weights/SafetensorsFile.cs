using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.ML.AbsCam.Onnx.Files;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>A safetensors file: the length of a JSON header, the header, and the numbers it describes.</summary>
internal sealed class SafetensorsFile : IWeightsFile
{
    private const long LargestHeader = ModelFileKinds.LargestSafetensorsHeader;
    private const int Prefix = sizeof(long);

    private static readonly Dictionary<string, ScalarType> Types = new(StringComparer.Ordinal)
    {
        ["F64"] = ScalarType.Float64,
        ["F32"] = ScalarType.Float32,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32,
        ["I16"] = ScalarType.Int16,
        ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte,
        ["BOOL"] = ScalarType.Bool,
    };

    private readonly string _source;
    private readonly Stream _file;
    private readonly long _start;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<StoredTensor, long> _places = new(ReferenceEqualityComparer.Instance);

    /// <param name="file">The open file, which this closes.</param>
    /// <param name="source">The file's name for messages.</param>
    public SafetensorsFile(Stream file, string source)
    {
        (_file, _source) = (file, source);
        byte[] header = ReadHeader();
        _start = Prefix + header.Length;
        try
        {
            using JsonDocument json = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            ReadTensors(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Text that is no Unicode is found only when it is asked for, as an InvalidOperationException.
            throw new NetworkLoadException($"{source}: the header of the safetensors file is no sound JSON ({e.Message.TrimEnd('.')}); the file is damaged.", e);
        }
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    public IReadOnlyList<string> Others => [];

    public void Read(StoredTensor tensor, Action<Stream> read)
    {
        _file.Position = _start + _places[tensor];
        read(_file);
    }

    public void Dispose() => _file.Dispose();

    private byte[] ReadHeader()
    {
        byte[] prefix = new byte[Prefix];
        Check(_file.Length >= Prefix, $"the file has {_file.Length} bytes; a safetensors file has at least {Prefix}.");
        _file.Position = 0;
        _file.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        Check(length <= LargestHeader && (long)length <= _file.Length - Prefix, $"the safetensors file announces a header of {length} bytes; expected at most {LargestHeader} and no more than the file has. It is cut short or damaged.");
        byte[] header = new byte[length];
        _file.ReadExactly(header);
        return header;
    }

    private void ReadTensors(JsonElement header)
    {
        Check(header.ValueKind == JsonValueKind.Object, "the header of the safetensors file is no JSON object; the file is damaged.");
        var runs = new List<(long Begin, long End, string Name)>();
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (property.Name != "__metadata__")
            {
                runs.Add(ReadTensor(property));
            }
        }

        long covered = 0;
        foreach ((long begin, long end, string name) in runs.Order())
        {
            Check(begin == covered, $"{Shown(name)} begins at byte {begin} of the numbers, where the tensors before it end at {covered}; they can neither overlap nor leave holes. The file is damaged.");
            covered = end;
        }

        long buffer = _file.Length - _start;
        Check(covered == buffer, $"the tensors take {covered} bytes, and the file has {buffer} after its header. It is cut short or damaged.");
    }

    private (long Begin, long End, string Name) ReadTensor(JsonProperty property)
    {
        string shown = Shown(property.Name);
        if (property.Value.ValueKind != JsonValueKind.Object
            || !property.Value.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !property.Value.TryGetProperty("shape", out JsonElement sizes) || Integers(sizes) is not { } shape
            || !property.Value.TryGetProperty("data_offsets", out JsonElement offsets) || Integers(offsets) is not [long begin, long end])
        {
            throw Fault($"{shown} is not described by a dtype, a shape and two data_offsets, whole numbers from 0 on; the file is damaged.");
        }

        if (!Types.TryGetValue(dtype.GetString()!, out ScalarType type))
        {
            throw Fault($"{shown} is of type '{TensorText.Name(dtype.GetString()!)}'; read are {string.Join(", ", Types.Keys)}.");
        }

        Check(begin <= end && end <= _file.Length - _start, $"{shown} lies at bytes {begin} to {end} of the numbers, and the file has {_file.Length - _start}. It is cut short or damaged.");
        long count = (end - begin) / TensorText.Bytes(type);
        Check(Count(shape, count) == count && count * TensorText.Bytes(type) == end - begin, $"{shown} has the shape {TensorText.Shape(shape)} of {type} and {end - begin} bytes, which do not agree; the file is damaged.");
        var tensor = new StoredTensor(type, property.Name, 0, shape, Strides(shape), count);
        Check(tensor.Fault() is null, $"{shown} {tensor.Fault()}; the file is damaged.");
        _tensors.Add(property.Name, tensor);
        _places.Add(tensor, begin);
        return (begin, end, property.Name);
    }

    /// <summary>The product of the sizes, or -1 where it is more than could be.</summary>
    private static long Count(long[] shape, long atMost)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        Int128 count = 1;
        foreach (long size in shape)
        {
            count *= size;
            if (count > atMost)
            {
                return -1;
            }
        }

        return (long)count;
    }

    private static long[] Strides(long[] shape)
    {
        long[] strides = new long[shape.Length];
        long step = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = step;

            // With a size of 0 there is nothing to step over, and the other sizes may be anything.
            step = shape.Contains(0) ? 1 : step * shape[i];
        }

        return strides;
    }

    private static long[]? Integers(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new List<long>();
        foreach (JsonElement item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long number) || number < 0)
            {
                return null;
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private static string Shown(string name) => $"the tensor '{TensorText.Name(name)}'";

    private void Check(bool isSound, string fault)
    {
        if (!isSound)
        {
            throw Fault(fault);
        }
    }

    private NetworkLoadException Fault(string fault) => new($"{_source}: {fault}");
}
