using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <content>Norms and gates.</content>
internal sealed partial class TwinNetwork
{
    private const double Epsilon = 1e-5;

    /// <summary>One of the norms, in one of its spellings.</summary>
    public TwinMap Norm(TwinMap x, string kind) => kind switch
    {
        "batch" => BatchNorm(x),
        "affine" => Affine(x),
        "group" => GroupNorm(x, x.Channels % 4 == 0 && Coin() ? 4 : x.Channels % 2 == 0 ? 2 : 1),
        "layer" => LayerNorm(x),
        "instance" => InstanceNorm(x),
        _ => x,
    };

    /// <summary>Squeeze and excitation: what a map holds on the whole weighs its channels.</summary>
    public TwinMap SqueezeExcite(TwinMap x)
    {
        TwinMap gate = Conv(Relu(Conv(Squeeze(x), Math.Max(2, x.Channels / 4))), x.Channels);
        gate = Coin() ? Sigmoid(gate) : Alike(gate, Node("HardSigmoid", gate.Name, ("alpha", 1 / 6f), ("beta", 0.5f)), value => Times(Clamp(value.Plus(3.0), 0, 6), 1 / 6.0));
        return Mul(x, gate);
    }

    /// <summary>Efficient channel attention: one short convolution along the channels.</summary>
    public TwinMap EfficientGate(TwinMap x)
    {
        (string weights, Tensor weight) = Weights([1, 1, 3], 3);
        TwinMap squeezed = Squeeze(x);
        string line = Node("Sigmoid", Node("Conv", $"{Reshape(squeezed.Name, 0, 1, -1)} {weights}", ("pads", (long[])[1, 1]), ("kernel_shape", (long[])[3])));
        MapWork += 3.0 * x.Channels;
        string gate = _style.ChannelsLast ? Reshape(line, 0, 1, 1, -1) : Reshape(line, 0, -1, 1, 1);
        return Mul(x, Made(gate, x.Channels, 1, 1, run => nn.functional.conv1d(run[squeezed].reshape(-1, 1, x.Channels), weight, padding: 1).sigmoid().reshape(-1, x.Channels, 1, 1)));
    }

    /// <summary>CBAM's second half: what the channels hold together weighs the pixels.</summary>
    public TwinMap SpatialGate(TwinMap x)
    {
        TwinMap mean = Made(Reduce("ReduceMean", x.Name, true, _style.ChannelAxis), 1, x.Height, x.Width, run => run[x].mean([1], keepdim: true));
        TwinMap most = Made(Reduce("ReduceMax", x.Name, true, _style.ChannelAxis), 1, x.Height, x.Width, run => run[x].amax([1], keepdim: true));
        return Mul(x, Sigmoid(Conv(Concat(mean, most), 1, 3)));
    }

    // A map's means, which keep their axes.
    private TwinMap Squeeze(TwinMap x)
    {
        string name = !_style.ChannelsLast && Coin() ? Node("GlobalAveragePool", x.Name) : Reduce("ReduceMean", x.Name, true, _style.HeightAxis, _style.HeightAxis + 1);
        return Made(name, x.Channels, 1, 1, run => run.Whole(run[x].mean([2, 3], keepdim: true)));
    }

    private TwinMap BatchNorm(TwinMap x)
    {
        (string scales, Tensor scale) = Vector(x.Channels, NearOne);
        (string biases, Tensor bias) = Vector(x.Channels, Small);
        (string means, Tensor mean) = Vector(x.Channels, Small);
        (string variances, Tensor variance) = Vector(x.Channels, NearOne);
        return MadeFirst(Node("BatchNormalization", $"{First(x)} {scales} {biases} {means} {variances}", ("epsilon", (float)Epsilon)), x.Channels, x.Height, x.Width, run =>
            run[x].sub(Broad(mean)).div(Broad(variance).Plus(Epsilon).sqrt()).mul(Broad(scale)).Plus(Broad(bias)));

        Tensor Broad(Tensor vector) => vector.reshape(1, x.Channels, 1, 1);
    }

    // A batch norm as it is once it is folded: TensorFlow's exporters write it so.
    private TwinMap Affine(TwinMap x)
    {
        (string scales, Tensor scale) = AlongChannels(x.Channels, NearOne);
        (string biases, Tensor bias) = AlongChannels(x.Channels, Small);
        return Made(Node("Add", $"{Node("Mul", $"{x.Name} {scales}")} {biases}"), x.Channels, x.Height, x.Width, run => run[x].mul(scale).Plus(bias));
    }

    private TwinMap InstanceNorm(TwinMap x)
    {
        (string scales, Tensor scale) = Vector(x.Channels, NearOne);
        (string biases, Tensor bias) = Vector(x.Channels, Small);
        return MadeFirst(Node("InstanceNormalization", $"{First(x)} {scales} {biases}", ("epsilon", (float)Epsilon)), x.Channels, x.Height, x.Width, run =>
            Standard(run, run[x], [2, 3]).mul(scale.reshape(1, x.Channels, 1, 1)).Plus(bias.reshape(1, x.Channels, 1, 1)));
    }

    // As PyTorch writes it, as one operator, or in arithmetic; with a scale and a bias along the channels or without.
    private TwinMap GroupNorm(TwinMap x, long groups)
    {
        (long c, int h, int w) = (x.Channels, x.Height, x.Width);
        string from = First(x);
        string normal;
        switch (_random.Next(_style.Opset >= 18 ? 3 : 2))
        {
            case 0:
                string lines = Node("InstanceNormalization", $"{Reshape(from, 0, groups, -1)} {Vector(groups, () => 1).Name} {Vector(groups, () => 0).Name}", ("epsilon", (float)Epsilon));
                normal = Coin() ? Node("Reshape", $"{lines} {Node("Shape", from)}") : Reshape(lines, -1, c, h, w);
                break;
            case 1:
                string flat = Reshape(from, 0, groups, -1);
                string centred = Node("Sub", $"{flat} {Reduce("ReduceMean", flat, true, 2)}");
                string variance = Reduce("ReduceMean", Node("Mul", $"{centred} {centred}"), true, 2);
                normal = Node("Reshape", $"{Node("Div", $"{centred} {Node("Sqrt", Node("Add", $"{variance} {Number(Epsilon)}"))}")} {Node("Shape", from)}");
                break;
            default:
                normal = Node("GroupNormalization", $"{from} {Vector(groups, () => 1).Name} {Vector(groups, () => 0).Name}", ("num_groups", (int)groups), ("epsilon", (float)Epsilon));
                break;
        }

        TwinMap made = MadeFirst(normal, c, h, w, run => Standard(run, run[x].reshape(-1, groups, c / groups * h * w), [2]).reshape(-1, c, h, w));
        return _random.Next(4) == 0 ? made : Affine(made);
    }

    // Along the channels of each pixel: one operator since operator set 17.
    private TwinMap LayerNorm(TwinMap x)
    {
        (string scales, Tensor scale) = Vector(x.Channels, NearOne);
        (string biases, Tensor bias) = Vector(x.Channels, Small);
        string last = Last(x);
        string normal;
        if (_style.Opset >= 17 && Coin())
        {
            normal = Node("LayerNormalization", $"{last} {scales} {biases}", ("axis", -1), ("epsilon", (float)Epsilon));
        }
        else
        {
            string centred = Node("Sub", $"{last} {Reduce("ReduceMean", last, true, -1)}");
            string variance = Reduce("ReduceMean", Node("Pow", $"{centred} {Number(2)}"), true, -1);
            normal = Node("Div", $"{centred} {Node("Sqrt", Node("Add", $"{variance} {Number(Epsilon)}"))}");
            normal = Node("Add", $"{Node("Mul", $"{normal} {scales}")} {biases}");
        }

        TwinMap made = Made(normal, x.Channels, x.Height, x.Width, run =>
        {
            Tensor value = run[x].sub(run[x].mean([1], keepdim: true));
            Tensor spread = value.Squared().mean([1], keepdim: true).Plus(Epsilon).sqrt();
            return value.div(spread).mul(scale.reshape(1, x.Channels, 1, 1)).Plus(bias.reshape(1, x.Channels, 1, 1));
        });
        return _style.ChannelsLast ? made : made with { Name = Node("Transpose", normal, ("perm", ToFirst)) };
    }

    private static Tensor Standard(TwinRun run, Tensor value, long[] over)
    {
        Tensor centred = value.sub(run.Whole(value.mean(over, keepdim: true)));
        Tensor variance = value.sub(value.mean(over, keepdim: true)).Squared().mean(over, keepdim: true);
        return centred.div(run.Whole(variance.Plus(Epsilon).sqrt()));
    }
}
