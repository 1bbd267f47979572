using System.Globalization;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>
/// A network that is written twice while it is put together: into an ONNX file, in one of the spellings that exporters use, and as a
/// list of TorchSharp operations with the same weights. The two share the order of the layers and nothing else.
/// </summary>
internal sealed partial class TwinNetwork
{
    private const int FloatType = 1;
    private const int ByteType = 2;
    private const int LongType = 7;
    private const int HalfType = 10;
    private const int DoubleType = 11;

    private static readonly long[] ToLast = [0, 2, 3, 1];
    private static readonly long[] ToFirst = [0, 3, 1, 2];

    private readonly OnnxModelBuilder _model;
    private readonly TwinStyle _style;
    private readonly Random _random;
    private readonly List<(string Origin, Func<TwinRun, Tensor> Compute)> _program = [];
    private int _count;

    public TwinNetwork(TwinStyle style, Random random, long channels, int height, int width)
    {
        (_style, _random) = (style, random);
        _model = new OnnxModelBuilder(style.Opset);
        Image = new TwinMap("image", "image", channels, height, width);
        long[] shape = style.ChannelsLast ? [0, height, width, channels] : [0, channels, height, width];
        _model.Input("image", random.Next(4) == 0 ? [1, .. shape[1..]] : shape);
        _model.Graph.Input[0].Type.TensorType.ElemType = style.Numbers switch
        {
            TwinNumbers.ByteImage => ByteType,
            TwinNumbers.Double => DoubleType,
            _ => FloatType,
        };
    }

    public TwinMap Image { get; }

    /// <summary>Multiplications of convolutions and products on maps so far.</summary>
    public double MapWork { get; private set; }

    /// <summary>Multiplications of products on vectors so far: the classifier's.</summary>
    public double VectorWork { get; private set; }

    public TwinStyle Style => _style;

    /// <summary>Runs every layer on images [B,C,H,W] of doubles.</summary>
    public TwinRun Run(Tensor images, bool isLocal = false)
    {
        TwinRun run = new(isLocal);
        run.Put(Image.Origin, images);
        foreach ((string origin, Func<TwinRun, Tensor> compute) in _program)
        {
            run.Put(origin, compute(run));
        }

        return run;
    }

    /// <summary>Makes a value an output of the file.</summary>
    /// <param name="value">Its name.</param>
    /// <param name="columns">What the file says of its shape: a row each; null says nothing.</param>
    /// <param name="isIndex">Whether it holds whole numbers.</param>
    public void Output(string value, long? columns = null, bool isIndex = false)
    {
        _model.Output(value, 0, columns ?? 1);
        TypeProto.Types.Tensor type = _model.Graph.Output[^1].Type.TensorType;
        type.ElemType = isIndex ? LongType : _style.Numbers == TwinNumbers.Double ? DoubleType : FloatType;
        if (columns is null)
        {
            type.Shape = null;
        }
    }

    public byte[] ToBytes() => _model.ToBytes();

    private bool Coin() => _random.Next(2) == 0;

    private string Node(string operation, string inputs, params (string Name, object Value)[] attributes)
    {
        string name = NewName(operation);
        _model.Node(operation, inputs, name, attributes);
        return name;
    }

    private string NewName(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{_count++}");

    // A value of its own, whose name in the file is that of the map.
    private TwinMap Made(string name, long channels, int height, int width, Func<TwinRun, Tensor> compute)
    {
        _program.Add((name, compute));
        return new TwinMap(name, name, channels, height, width);
    }

    // The same for what an operator gives with channels first, whatever the file's layout.
    private TwinMap MadeFirst(string name, long channels, int height, int width, Func<TwinRun, Tensor> compute)
    {
        TwinMap map = Made(name, channels, height, width, compute);
        return _style.ChannelsLast ? map with { Name = Node("Transpose", name, ("perm", ToLast)) } : map;
    }

    private string First(TwinMap map) => _style.ChannelsLast ? Node("Transpose", map.Name, ("perm", ToFirst)) : map.Name;

    private string Last(TwinMap map) => _style.ChannelsLast ? map.Name : Node("Transpose", map.Name, ("perm", ToLast));

    // Numbers along the channels, as they lie beside a map, with TorchSharp's [1,C,1,1].
    private (string Name, Tensor Value) AlongChannels(long channels, Func<double> draw)
    {
        (string name, Tensor value) = Stored(_style.ChannelsLast ? [channels] : [channels, 1, 1], draw);
        return (name, value.reshape(1, channels, 1, 1));
    }

    private (string Name, Tensor Value) Vector(long length, Func<double> draw) => Stored([length], draw);

    private (string Name, Tensor Value) Weights(long[] shape, long fanIn)
    {
        double scale = Math.Sqrt(6.0 / fanIn);
        return Stored(shape, () => scale * Signed());
    }

    private double Signed() => (_random.NextDouble() * 2) - 1;

    private double NearOne() => 1 + (0.3 * Signed());

    private double Small() => 0.2 * Signed();

    // Draws numbers, rounds them to what the file stores, and gives TorchSharp just those.
    private (string Name, Tensor Value) Stored(long[] shape, Func<double> draw)
    {
        int count = (int)shape.Aggregate(1L, (product, size) => product * size);
        double[] values = new double[count];
        TensorProto weight = new() { Name = NewName("weight") };
        weight.Dims.AddRange(shape);
        bool isHalf = _style.Numbers == TwinNumbers.HalfWeights;
        weight.DataType = isHalf ? HalfType : _style.Numbers == TwinNumbers.Double ? DoubleType : FloatType;
        List<byte> raw = [];
        for (int i = 0; i < count; i++)
        {
            double drawn = draw();
            values[i] = isHalf ? (double)(Half)drawn : weight.DataType == DoubleType ? drawn : (float)drawn;
            raw.AddRange(isHalf ? BitConverter.GetBytes((Half)drawn) : weight.DataType == DoubleType ? BitConverter.GetBytes(drawn) : BitConverter.GetBytes((float)drawn));
        }

        weight.RawData = ByteString.CopyFrom([.. raw]);
        _model.Graph.Initializer.Add(weight);
        return (isHalf ? Node("Cast", weight.Name, ("to", FloatType)) : weight.Name, tensor(values, shape));
    }

    private string Number(double value) => Constant([], [value]);

    // Numbers that belong to the formula and are no weights: never rounded to float16.
    private string Constant(long[] shape, IEnumerable<double> values)
    {
        bool isDouble = _style.Numbers == TwinNumbers.Double;
        TensorProto constant = new() { Name = NewName("constant"), DataType = isDouble ? DoubleType : FloatType };
        constant.Dims.AddRange(shape);
        constant.RawData = ByteString.CopyFrom([.. values.SelectMany(value => isDouble ? BitConverter.GetBytes(value) : BitConverter.GetBytes((float)value))]);
        _model.Graph.Initializer.Add(constant);
        return constant.Name;
    }

    private string Ints(params long[] values)
    {
        string name = NewName("sizes");
        _model.Ints(name, values);
        return name;
    }

    private string Reshape(string value, params long[] shape) => Node("Reshape", $"{value} {Ints(shape)}");

    private string Transpose(string value, params long[] order) => Node("Transpose", value, ("perm", order));

    // Axes became an input of ReduceSum with operator set 13, and of the others with 18.
    private string Reduce(string operation, string value, bool keep, params long[] axes) =>
        operation == "ReduceSum" || _style.Opset >= 18
            ? Node(operation, $"{value} {Ints(axes)}", ("keepdims", keep ? 1 : 0))
            : Node(operation, value, ("axes", axes), ("keepdims", keep ? 1 : 0));

    private static Tensor Times(Tensor value, double factor) => value.mul(HeldScalar.Of(factor));
}
