using System.Globalization;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>
/// Writes whole classifiers as PyTorch's exporter does, at a reduced width: one method a layer, each gives back the name of
/// its output. Weights are drawn from a seed and scaled so that values neither die out nor grow from layer to layer.
/// </summary>
internal sealed class NetworkWriter
{
    public const int Classes = 7;

    private static readonly long[] ToChannelsLast = [0, 2, 3, 1];
    private static readonly long[] ToChannelsFirst = [0, 3, 1, 2];
    private static readonly long[] LastAxis = [-1];
    private static readonly long[] HeightAndWidth = [2, 3];

    private readonly OnnxModelBuilder _model;
    private readonly long _opset;
    private readonly Dictionary<string, long> _channels = [];
    private int _count;

    public NetworkWriter(int size = 32, long opset = 13, long batch = 0)
        : this(size, size, opset, batch)
    {
    }

    public NetworkWriter(int height, int width, long opset, long batch)
    {
        _opset = opset;
        _model = new OnnxModelBuilder(opset).Input("image", batch, 3, height, width);
        _channels["image"] = 3;
    }

    public long Channels(string value) => _channels[value];

    public string Conv(string x, long to, int kernel = 1, int stride = 1, long groups = 1, int? pad = null, string? name = null)
    {
        long from = Channels(x);
        string weights = Weights([to, from / groups, kernel, kernel], from / groups * kernel * kernel);
        string bias = Weights([to], 100);
        long around = pad ?? kernel / 2;
        return Put("Conv", $"{x} {weights} {bias}", to, name, ("kernel_shape", Two(kernel)), ("strides", Two(stride)), ("pads", (long[])[around, around, around, around]), ("group", (int)groups));
    }

    public string BatchNorm(string x, string? name = null)
    {
        long channels = Channels(x);
        string variance = Constant([channels], [.. Numbers([channels]).Select(value => 1 + (value * value))]);
        return Put("BatchNormalization", $"{x} {Constant([channels], [.. Numbers([channels]).Select(value => 1 + (0.3f * value))])} {Weights([channels], 10)} {Weights([channels], 10)} {variance}", channels, name);
    }

    public string Relu(string x, string? name = null) => Put("Relu", x, Channels(x), name);

    public string ConvRelu(string x, long to, int kernel = 1, int stride = 1, long groups = 1, int? pad = null, string? name = null) =>
        Relu(Conv(x, to, kernel, stride, groups, pad), name);

    /// <summary>ReLU6 as exporters write it: Clip from 0 to 6.</summary>
    public string Relu6(string x, string? name = null) => Put("Clip", $"{x} {Number(0)} {Number(6)}", Channels(x), name);

    public string Sigmoid(string x) => Put("Sigmoid", x, Channels(x));

    public string Silu(string x, string? name = null) => Mul(x, Sigmoid(x), name);

    /// <summary>One operator since operator set 14; until then four.</summary>
    public string HardSwish(string x, string? name = null) => _opset >= 14
        ? Put("HardSwish", x, Channels(x), name)
        : Put("Div", $"{Mul(x, Put("Clip", $"{Put("Add", $"{x} {Number(3)}", Channels(x))} {Number(0)} {Number(6)}", Channels(x)))} {Number(6)}", Channels(x), name);

    public string Add(string x, string y, string? name = null) => Put("Add", $"{x} {y}", Channels(x), name);

    public string Mul(string x, string y, string? name = null) => Put("Mul", $"{x} {y}", Channels(x), name);

    public string Concat(string[] parts, string? name = null) => Put("Concat", string.Join(' ', parts), parts.Sum(Channels), name, ("axis", 1));

    public string MaxPool(string x, int kernel, int stride, int pad = 0) => Pool("MaxPool", x, kernel, stride, pad);

    public string AveragePool(string x, int kernel, int stride, int pad = 0) => Pool("AveragePool", x, kernel, stride, pad);

    public string GlobalPool(string x) => Put("GlobalAveragePool", x, Channels(x));

    /// <summary>x.mean([2, 3]), which keeps the axes or drops them.</summary>
    public string Mean(string x, bool keep) => Put("ReduceMean", x, Channels(x), null, ("axes", HeightAndWidth), ("keepdims", keep ? 1 : 0));

    public string Node(string operation, string inputs, long channels, string? name = null, params (string Name, object Value)[] attributes) =>
        Put(operation, inputs, channels, name, attributes);

    public string[] Halves(string x)
    {
        string left = Name("half");
        string right = Name("half");
        long each = Channels(x) / 2;
        _model.Ints(left + "_sizes", each, each).Node("Split", $"{x} {left}_sizes", $"{left} {right}", ("axis", 1));
        _channels[left] = _channels[right] = each;
        return [left, right];
    }

    public string Slice(string x, long channels) => Put("Slice", $"{x} {Ints(0)} {Ints(channels)} {Ints(1)} {Ints(1)}", channels);

    public string Reshape(string x, long channels, params long[] shape) => Put("Reshape", $"{x} {Ints(shape)}", channels);

    public string Transpose(string x, params long[] order) => Put("Transpose", x, Channels(x), null, ("perm", order));

    public string ChannelsLast(string x) => Transpose(x, ToChannelsLast);

    public string ChannelsFirst(string x) => Transpose(x, ToChannelsFirst);

    /// <summary>A linear layer along the last axis.</summary>
    public string Linear(string x, long to) =>
        Put("Add", $"{Put("MatMul", $"{x} {Weights([Channels(x), to], Channels(x))}", to)} {Weights([to], 100)}", to);

    /// <summary>Normalises along the last axis: one operator since operator set 17, until then nine.</summary>
    /// <param name="x">What is normalised.</param>
    /// <param name="name">What the output is called.</param>
    public string LayerNorm(string x, string? name = null)
    {
        long channels = Channels(x);
        string scale = Constant([channels], [.. Numbers([channels]).Select(value => 1 + (0.3f * value))]);
        string bias = Weights([channels], 10);
        if (_opset >= 17)
        {
            return Put("LayerNormalization", $"{x} {scale} {bias}", channels, name, ("axis", -1));
        }

        string centred = Put("Sub", $"{x} {Put("ReduceMean", x, channels, null, ("axes", LastAxis))}", channels);
        string variance = Put("ReduceMean", Put("Pow", $"{centred} {Number(2)}", channels), channels, null, ("axes", LastAxis));
        string deviation = Put("Sqrt", Put("Add", $"{variance} {Number(1e-6f)}", channels), channels);
        return Add(Mul(Put("Div", $"{centred} {deviation}", channels), scale), bias, name);
    }

    /// <summary>GELU by the error function, as exporters write it before operator set 20.</summary>
    public string Gelu(string x)
    {
        long channels = Channels(x);
        string erf = Put("Erf", Put("Div", $"{x} {Number(MathF.Sqrt(2))}", channels), channels);
        return Mul(Mul(x, Put("Add", $"{erf} {Number(1)}", channels)), Number(0.5f));
    }

    public string Weights(long[] shape, long fanIn)
    {
        float scale = MathF.Sqrt(3f * 2 / fanIn);
        return Constant(shape, [.. Numbers(shape).Select(value => value * scale)]);
    }

    public string Number(float value) => Constant([], [value]);

    public string Ints(params long[] values)
    {
        string name = Name("sizes");
        _model.Ints(name, values);
        return name;
    }

    /// <summary>A whole number without axes.</summary>
    public string Index(long value)
    {
        string name = Ints(value);
        _model.Graph.Initializer[^1].Dims.Clear();
        return name;
    }

    public string Flatten(string x) => Put("Flatten", x, Channels(x));

    public string Gemm(string x, long from, long to) =>
        Put("Gemm", $"{x} {Weights([to, from], from)} {Weights([to], 100)}", to, null, ("transB", 1));

    /// <summary>Global pooling, flattening and one linear layer.</summary>
    public byte[] PoolAndClassify(string x) => Finish(Gemm(Flatten(GlobalPool(x)), Channels(x), Classes));

    public byte[] Finish(string scores)
    {
        _model.Node("Identity", scores, "scores").Output("scores");
        return _model.ToBytesWithoutOutputShapes();
    }

    private string Pool(string operation, string x, int kernel, int stride, int pad) =>
        Put(operation, x, Channels(x), null, ("kernel_shape", Two(kernel)), ("strides", Two(stride)), ("pads", (long[])[pad, pad, pad, pad]));

    private string Put(string operation, string inputs, long channels, string? name = null, params (string Name, object Value)[] attributes)
    {
        name ??= Name(operation);
        _model.Node(operation, inputs, name, attributes);
        _channels[name] = channels;
        return name;
    }

    private string Constant(long[] shape, float[] values)
    {
        string name = Name("weight");
        _model.Weight(name, shape, values);
        return name;
    }

    private float[] Numbers(long[] shape) => OnnxModelBuilder.Numbers(shape, _count);

    private string Name(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{_count++}");

    private static long[] Two(long value) => [value, value];
}
