using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <content>Pooling, from maps to vectors, and classifiers.</content>
internal sealed partial class TwinNetwork
{
    /// <summary>Pooling by windows, which leaves a coarser map.</summary>
    public TwinMap Pool(TwinMap x, bool isMax, int kernel = 2, int stride = 2)
    {
        string name = Node(isMax ? "MaxPool" : "AveragePool", First(x), ("kernel_shape", Two(kernel)), ("strides", Two(stride)));
        (int height, int width) = (((x.Height - kernel) / stride) + 1, ((x.Width - kernel) / stride) + 1);
        return MadeFirst(name, x.Channels, height, width, run => isMax
            ? nn.functional.max_pool2d(run[x], Two(kernel), Two(stride))
            : nn.functional.avg_pool2d(run[x], Two(kernel), Two(stride)));
    }

    /// <summary>The mean over places [B,C], in one of its spellings.</summary>
    public TwinMap Mean(TwinMap x)
    {
        (long c, long n) = (x.Channels, x.Places);
        (long row, long column) = (_style.HeightAxis, _style.HeightAxis + 1);
        string name = _random.Next(6) switch
        {
            0 => Node("Flatten", Node("GlobalAveragePool", First(x))),
            1 => Reduce("ReduceMean", x.Name, false, row, column),
            2 => Reshape(Node("AveragePool", First(x), ("kernel_shape", (long[])[x.Height, x.Width])), -1, c),
            3 => Reduce("ReduceMean", Reshape(First(x), 0, c, -1), false, -1),
            4 => ByProduct(),
            _ => Reshaped(Node("GlobalAveragePool", First(x))),
        };
        return Made(name, c, 0, 0, run => run[x].mean([2, 3]));

        string ByProduct()
        {
            VectorWork += c * n;
            return Node("Squeeze", $"{Node("MatMul", $"{Reshape(First(x), 0, c, -1)} {Share(n)}")} {Ints(2)}");
        }
    }

    public TwinMap Most(TwinMap x)
    {
        string name = Coin() ? Node("Flatten", Node("GlobalMaxPool", First(x))) : Reduce("ReduceMax", x.Name, false, _style.HeightAxis, _style.HeightAxis + 1);
        return Made(name, x.Channels, 0, 0, run => run[x].amax([2, 3]));
    }

    /// <summary>Generalised mean: cut, raise to the third power, take the mean, take the root.</summary>
    public TwinMap GeneralisedMean(TwinMap x)
    {
        string cubes = Node("Pow", $"{Node("Clip", $"{x.Name} {Number(1e-6)}")} {Number(3)}");
        string mean = _style.ChannelsLast ? Reduce("ReduceMean", cubes, true, 1, 2) : Node("GlobalAveragePool", cubes);
        string name = Reshape(Node("Pow", $"{mean} {Number(1 / 3.0)}"), 0, -1);
        return Made(name, x.Channels, 0, 0, run =>
        {
            Tensor cut = run[x].clamp_min(HeldScalar.Of(1e-6));
            return cut.mul(cut).mul(cut).mean([2, 3]).pow(HeldScalar.Of(1 / 3.0));
        });
    }

    /// <summary>A map of one channel says how much each place counts.</summary>
    public TwinMap AttentionPool(TwinMap x)
    {
        (long c, long n) = (x.Channels, x.Places);
        TwinMap looks = Conv(x, 1);
        bool last = _style.ChannelsLast;
        VectorWork += c * n;
        string shares = Node("Softmax", Reshape(looks.Name, 0, -1), ("axis", 1));
        string name = Coin()
            ? Reduce("ReduceSum", Node("Mul", $"{x.Name} {Reshape(shares, last ? [0, x.Height, x.Width, 1] : [0, 1, x.Height, x.Width])}"), false, _style.HeightAxis, _style.HeightAxis + 1)
            : last
                ? Reshape(Node("MatMul", $"{Reshape(shares, 0, 1, n)} {Reshape(x.Name, 0, n, c)}"), 0, c)
                : Node("Squeeze", $"{Node("MatMul", $"{Reshape(x.Name, 0, c, n)} {Reshape(shares, 0, n, 1)}")} {Ints(2)}");
        return Made(name, c, 0, 0, run => run[x].flatten(2).mul(run[looks].flatten(2).softmax(-1)).sum(-1));
    }

    /// <summary>All places of all channels one after the other, in the file's order.</summary>
    public TwinMap FlattenAll(TwinMap x)
    {
        bool last = _style.ChannelsLast;
        string name = Coin() ? Node("Flatten", x.Name) : Reshape(x.Name, -1, x.Channels * x.Places);
        return Made(name, x.Channels * x.Places, 0, 0, run => (last ? run[x].permute(0, 2, 3, 1) : run[x]).flatten(1));
    }

    public TwinMap Linear(TwinMap x, long to)
    {
        bool isTransposed = Coin();
        (string weights, Tensor weight) = Weights(isTransposed ? [to, x.Channels] : [x.Channels, to], x.Channels);
        (string biases, Tensor bias) = Vector(to, Small);
        string name = isTransposed
            ? Node("Gemm", $"{x.Name} {weights} {biases}", ("transB", 1))
            : Node("Add", $"{Node("MatMul", $"{x.Name} {weights}")} {biases}");
        VectorWork += (double)to * x.Channels;
        return Made(name, to, 0, 0, run => run[x].matmul(isTransposed ? weight.t() : weight).Plus(bias));
    }

    /// <summary>A vector over its length.</summary>
    public TwinMap Normalise(TwinMap x)
    {
        string length = Reduce("ReduceL2", x.Name, true, 1);
        return Alike(x, Node("Div", $"{x.Name} {length}"), value => value.div(value.Squared().sum([1], keepdim: true).sqrt()));
    }

    /// <summary>Probabilities of the scores, spelled in one of the ways of exporters.</summary>
    public string Softmax(TwinMap scores, bool isSpelledOut) => (isSpelledOut ? 1 + _random.Next(3) : 0) switch
    {
        0 => Node("Softmax", scores.Name, ("axis", Coin() ? 1 : -1)),
        1 => OverSum(Node("Exp", scores.Name)),
        2 => OverSum(Node("Exp", Node("Sub", $"{scores.Name} {Reduce("ReduceMax", scores.Name, true, 1)}"))),
        _ => Node("Exp", Node("LogSoftmax", scores.Name, ("axis", 1))),
    };

    public string SigmoidOf(TwinMap scores, bool isSpelledOut) => isSpelledOut
        ? Node("Div", $"{Number(1)} {Node("Add", $"{Node("Exp", Node("Neg", scores.Name))} {Number(1)}")}")
        : Node("Sigmoid", scores.Name);

    /// <summary>The two best scores with their places.</summary>
    public (string Scores, string Places) Best(string scores)
    {
        (string values, string places) = (NewName("best"), NewName("places"));
        _model.Node("TopK", $"{scores} {Ints(2)}", $"{values} {places}", ("axis", 1));
        return (values, places);
    }

    public string Label(string scores) => Node("ArgMax", scores, ("axis", 1), ("keepdims", Coin() ? 1 : 0));

    private string OverSum(string exponentials) => Node("Div", $"{exponentials} {Reduce("ReduceSum", exponentials, true, 1)}");

    // One over the number of places, in each.
    private string Share(long places) => Constant([places, 1], Enumerable.Repeat(1.0 / places, (int)places));

    // x.view(x.size(0), -1), traced with an open batch.
    private string Reshaped(string x) =>
        Node("Reshape", $"{x} {Node("Concat", $"{Node("Unsqueeze", $"{Node("Gather", $"{Node("Shape", x)} {Scalar(0)}", ("axis", 0))} {Ints(0)}")} {Ints(-1)}", ("axis", 0))}");

    private string Scalar(long value)
    {
        string name = Ints(value);
        _model.Graph.Initializer[^1].Dims.Clear();
        return name;
    }
}
