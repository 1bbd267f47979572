using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>
/// Writes a network at the width that people train it with: a small file, and its weights beside it, drawn from a seed and written
/// as they come, so that neither the repository nor memory holds them.
/// </summary>
internal sealed class FullWidthNetwork : IDisposable
{
    private const string WeightsFile = "weights.bin";

    private readonly OnnxModelBuilder _model = new(20);
    private readonly FileStream _weights;
    private readonly Dictionary<string, long> _channels = new() { ["image"] = 3 };
    private readonly string _folder;
    private int _count;

    public FullWidthNetwork(string folder, int size)
    {
        _folder = folder;
        _weights = File.Create(Path.Combine(folder, WeightsFile));
        _model.Input("image", 0, 3, size, size);
    }

    /// <summary>Bytes of weights so far.</summary>
    public long Bytes => _weights.Position;

    public long Channels(string x) => _channels[x];

    public string Conv(string x, long to, long height, long width, int stride = 1, (long Height, long Width)? pad = null, long groups = 1)
    {
        (long top, long left) = pad ?? (height / 2, width / 2);
        long from = _channels[x] / groups;
        string weights = Weight([to, from, height, width], from * height * width);
        return Put("Conv", $"{x} {weights} {Weight([to], 100)}", to, null, ("strides", Two(stride)), ("pads", (long[])[top, left, top, left]), ("group", (int)groups));
    }

    public string BatchNorm(string x)
    {
        long channels = _channels[x];
        return Put("BatchNormalization", $"{x} {Same(channels, 1)} {Same(channels, 0)} {Same(channels, 0)} {Same(channels, 1)}", channels, null);
    }

    /// <summary>Of a map, along its channels.</summary>
    public string LayerNorm(string x)
    {
        long channels = _channels[x];
        string last = Put("Transpose", x, channels, null, ("perm", (long[])[0, 2, 3, 1]));
        string norm = Put("LayerNormalization", $"{last} {Same(channels, 1)} {Same(channels, 0)}", channels, null, ("axis", -1));
        return Put("Transpose", norm, channels, null, ("perm", (long[])[0, 3, 1, 2]));
    }

    /// <summary>ConvNeXt's: a depthwise convolution, then two linear layers along the channels, added to what went in.</summary>
    public string ConvNeXtBlock(string x, string? name)
    {
        long width = _channels[x];
        string last = Put("Transpose", Conv(x, width, 7, 7, groups: width), width, null, ("perm", (long[])[0, 2, 3, 1]));
        string inner = Put("LayerNormalization", $"{last} {Same(width, 1)} {Same(width, 0)}", width, null, ("axis", -1));
        inner = Put("Gelu", Put("MatMul", $"{inner} {Weight([width, 4 * width], width)}", 4 * width, null), 4 * width, null);
        inner = Put("MatMul", $"{inner} {Weight([4 * width, width], 4 * width)}", width, null);
        return Put("Add", $"{x} {Put("Transpose", inner, width, null, ("perm", (long[])[0, 3, 1, 2]))}", width, name);
    }

    public string Relu(string x, string? name = null) => Put("Relu", x, _channels[x], name);

    public string MaxPool(string x, int window, int stride, long pad = 0) => Pool("MaxPool", x, window, stride, pad);

    public string AveragePool(string x, int window, int stride, long pad = 0) => Pool("AveragePool", x, window, stride, pad);

    public string Concat(string? name, params string[] parts) => Put("Concat", string.Join(' ', parts), parts.Sum(part => _channels[part]), name, ("axis", 1));

    public string Flatten(string x) => Put("Flatten", x, _channels[x], null);

    public string GlobalPool(string x) => Put("GlobalAveragePool", x, _channels[x], null);

    public string Linear(string x, long from, long to) => Put("Gemm", $"{x} {Weight([to, from], from)} {Weight([to], 100)}", to, null, ("transB", 1));

    /// <returns>The path of the file.</returns>
    public string Finish(string scores)
    {
        _weights.Flush();
        string path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, _model.Node("Identity", scores, "scores").Output("scores").ToBytesWithoutOutputShapes());
        return path;
    }

    public void Dispose() => _weights.Dispose();

    private string Pool(string operation, string x, int window, int stride, long pad) =>
        Put(operation, x, _channels[x], null, ("kernel_shape", Two(window)), ("strides", Two(stride)), ("pads", (long[])[pad, pad, pad, pad]));

    private string Put(string operation, string inputs, long channels, string? name, params (string Name, object Value)[] attributes)
    {
        name ??= Name(operation);
        _model.Node(operation, inputs, name, attributes);
        _channels[name] = channels;
        return name;
    }

    private string Same(long count, float value)
    {
        string name = Name("same");
        _model.Weight(name, [count], [.. Enumerable.Repeat(value, (int)count)]);
        return name;
    }

    // Uniform, of the deviation that keeps values of one size from layer to layer; by a generator that is as fast as the disk.
    private string Weight(long[] shape, long fanIn)
    {
        TensorProto weight = new() { Name = Name("weight"), DataType = 1, DataLocation = TensorProto.Types.DataLocation.External };
        weight.Dims.AddRange(shape);
        long count = shape.Aggregate(1L, (product, size) => product * size);
        foreach ((string key, string value) in new[] { ("location", WeightsFile), ("offset", Text(_weights.Position)), ("length", Text(4 * count)) })
        {
            weight.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        _model.Graph.Initializer.Add(weight);
        float scale = MathF.Sqrt(6f / fanIn) / int.MaxValue;
        uint state = (uint)(_count * 2_654_435_761) | 1;
        float[] block = new float[1 << 16];
        for (long left = count; left > 0; left -= block.Length)
        {
            Span<float> numbers = block.AsSpan(0, (int)Math.Min(left, block.Length));
            for (int i = 0; i < numbers.Length; i++)
            {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                numbers[i] = (int)state * scale;
            }

            _weights.Write(MemoryMarshal.AsBytes(numbers));
        }

        return weight.Name;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long[] Two(long value) => [value, value];

    private string Name(string kind) => $"{kind}_{Text(_count++)}";
}
