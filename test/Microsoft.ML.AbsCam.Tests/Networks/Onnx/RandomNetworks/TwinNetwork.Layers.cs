using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <content>Convolutions, activations, joins, and what only lays numbers out anew.</content>
internal sealed partial class TwinNetwork
{
    public TwinMap Conv(TwinMap x, long to, int kernel = 1, int stride = 1, long groups = 1, int dilation = 1, int? pad = null)
    {
        (string weights, Tensor weight) = Weights([to, x.Channels / groups, kernel, kernel], x.Channels / groups * kernel * kernel);
        (string biases, Tensor bias) = Vector(to, Small);
        long around = pad ?? kernel / 2 * dilation;
        string name = Node(
            "Conv",
            $"{First(x)} {weights} {biases}",
            ("kernel_shape", Two(kernel)),
            ("strides", Two(stride)),
            ("pads", (long[])[around, around, around, around]),
            ("dilations", Two(dilation)),
            ("group", (int)groups));
        (int height, int width) = (Length(x.Height), Length(x.Width));
        MapWork += (double)to * height * width * (x.Channels / groups) * kernel * kernel;
        return MadeFirst(name, to, height, width, run => nn.functional.conv2d(run[x], weight, bias, Two(stride), Two(around), Two(dilation), groups));

        int Length(int length) => (int)((length + (2 * around) - (dilation * (kernel - 1)) - 1) / stride) + 1;
    }

    public TwinMap Relu(TwinMap x) => Alike(x, Node("Relu", x.Name), value => value.relu());

    /// <summary>One of the activations, in one of its spellings.</summary>
    public TwinMap Activation(TwinMap x, string kind)
    {
        switch (kind)
        {
            case "relu6":
                return Alike(x, Node("Clip", $"{x.Name} {Number(0)} {Number(6)}"), value => Clamp(value, 0, 6));
            case "silu":
                return Alike(x, Node("Mul", $"{x.Name} {Node("Sigmoid", x.Name)}"), value => value.mul(value.sigmoid()));
            case "hardswish":
                return Alike(x, HardSwish(x.Name), value => value.mul(Times(Clamp(value.Plus(3.0), 0, 6), 1 / 6.0)));
            case "gelu":
                string gelu = _style.Opset >= 20 && Coin()
                    ? Node("Gelu", x.Name)
                    : Node("Mul", $"{Node("Mul", $"{x.Name} {Node("Add", $"{Node("Erf", Node("Div", $"{x.Name} {Number(Math.Sqrt(2))}"))} {Number(1)}")}")} {Number(0.5)}");
                return Alike(x, gelu, value => Times(value.mul(Times(value, Math.Sqrt(0.5)).erf().Plus(1.0)), 0.5));
            case "leaky":
                return Alike(x, Node("LeakyRelu", x.Name, ("alpha", 0.125f)), value => maximum(value, Times(value, 0.125)));
            default:
                return Relu(x);
        }
    }

    public TwinMap Sigmoid(TwinMap x) => Alike(x, Node("Sigmoid", x.Name), value => value.sigmoid());

    public TwinMap Add(TwinMap x, TwinMap y) => Made(Node("Add", $"{x.Name} {y.Name}"), x.Channels, x.Height, x.Width, run => run[x].Plus(run[y]));

    /// <summary>A map times a map, a gate of one pixel, or a gate of one channel.</summary>
    public TwinMap Mul(TwinMap x, TwinMap gate) => Made(Node("Mul", $"{x.Name} {gate.Name}"), x.Channels, x.Height, x.Width, run => run[x].mul(run[gate]));

    public TwinMap Concat(params TwinMap[] parts) => Made(
        Node("Concat", string.Join(' ', parts.Select(part => part.Name)), ("axis", parts[0].Places == 0 ? 1 : _style.ChannelAxis)),
        parts.Sum(part => part.Channels),
        parts[0].Height,
        parts[0].Width,
        run => cat([.. parts.Select(part => run[part])], 1));

    public TwinMap[] Halves(TwinMap x)
    {
        long each = x.Channels / 2;
        (string left, string right) = (NewName("half"), NewName("half"));
        _model.Node("Split", $"{x.Name} {Ints(each, each)}", $"{left} {right}", ("axis", _style.ChannelAxis));
        return [Half(left, 0), Half(right, each)];

        TwinMap Half(string name, long from) => Made(name, each, x.Height, x.Width, run => run[x].narrow(1, from, each));
    }

    /// <summary>The channels of two groups one by one, as ShuffleNet mixes them.</summary>
    public TwinMap Shuffle(TwinMap x)
    {
        (long half, int h, int w) = (x.Channels / 2, x.Height, x.Width);
        string mixed = _style.ChannelsLast
            ? Reshape(Transpose(Reshape(x.Name, -1, h, w, 2, half), 0, 1, 2, 4, 3), -1, h, w, 2 * half)
            : Reshape(Transpose(Reshape(x.Name, -1, 2, half, h, w), 0, 2, 1, 3, 4), -1, 2 * half, h, w);
        return Made(mixed, x.Channels, h, w, run => run[x].reshape(-1, 2, half, h, w).transpose(1, 2).reshape(-1, 2 * half, h, w));
    }

    /// <summary>Takes a map apart into windows of 2 x 2 and puts it together again.</summary>
    public TwinMap Windows(TwinMap x)
    {
        if (x.Height % 2 != 0 || x.Width % 2 != 0)
        {
            return x;
        }

        (long c, int h, int w) = (x.Channels, x.Height / 2, x.Width / 2);
        string whole = _style.ChannelsLast
            ? Reshape(Transpose(Transpose(Reshape(x.Name, -1, h, 2, w, 2, c), 0, 1, 3, 2, 4, 5), 0, 1, 3, 2, 4, 5), -1, 2 * h, 2 * w, c)
            : Reshape(Transpose(Transpose(Reshape(x.Name, -1, c, h, 2, w, 2), 0, 2, 4, 3, 5, 1), 0, 5, 1, 3, 2, 4), -1, c, 2 * h, 2 * w);
        return x with { Name = whole };
    }

    /// <summary>A mere copy, as exporters leave them behind.</summary>
    public TwinMap Copy(TwinMap x) => x with { Name = Node(Coin() ? "Dropout" : "Identity", x.Name) };

    /// <summary>Blocks of 2 x 2 pixels become channels, each block's first pixel first.</summary>
    public TwinMap SpaceToDepth(TwinMap x, string spelling)
    {
        (long c, int h, int w) = (x.Channels, x.Height / 2, x.Width / 2);
        Tensor Blocks(TwinRun run) => run[x].reshape(-1, c, h, 2, w, 2).permute(0, 3, 5, 1, 2, 4).reshape(-1, 4 * c, h, w);
        switch (spelling)
        {
            case "view":
                string viewed = _style.ChannelsLast
                    ? Reshape(Transpose(Reshape(x.Name, -1, h, 2, w, 2, c), 0, 1, 3, 2, 4, 5), -1, h, w, 4 * c)
                    : Reshape(Transpose(Reshape(x.Name, -1, c, h, 2, w, 2), 0, 3, 5, 1, 2, 4), -1, 4 * c, h, w);
                return Made(viewed, 4 * c, h, w, Blocks);
            case "slices":
                (long row, long column) = (_style.HeightAxis, _style.HeightAxis + 1);
                string[] parts =
                [
                    .. new (long Y, long X)[] { (0, 0), (0, 1), (1, 0), (1, 1) }
                        .Select(at => Node("Slice", $"{x.Name} {Ints(at.Y, at.X)} {Ints(int.MaxValue, int.MaxValue)} {Ints(row, column)} {Ints(2, 2)}")),
                ];
                return Made(Node("Concat", string.Join(' ', parts), ("axis", _style.ChannelAxis)), 4 * c, h, w, Blocks);
            default:
                return MadeFirst(Node("SpaceToDepth", First(x), ("blocksize", 2)), 4 * c, h, w, Blocks);
        }
    }

    /// <summary>The channels in reversed order, in one of three spellings.</summary>
    public TwinMap Flip(TwinMap x)
    {
        int axis = _style.ChannelAxis;
        string flipped;
        switch (_random.Next(3))
        {
            case 0:
                flipped = Node("Gather", $"{x.Name} {Ints([.. Enumerable.Range(0, (int)x.Channels).Reverse().Select(i => (long)i)])}", ("axis", axis));
                break;
            case 1:
                flipped = Node("Slice", $"{x.Name} {Ints(-1)} {Ints(long.MinValue + 1)} {Ints(axis)} {Ints(-1)}");
                break;
            default:
                string[] parts = [.. Enumerable.Range(0, (int)x.Channels).Select(_ => NewName("channel"))];
                _model.Node("Split", $"{x.Name} {Ints([.. parts.Select(_ => 1L)])}", string.Join(' ', parts), ("axis", axis));
                flipped = Node("Concat", string.Join(' ', parts.Reverse()), ("axis", axis));
                break;
        }

        return Made(flipped, x.Channels, x.Height, x.Width, run => run[x].flip(1));
    }

    /// <summary>Raw bytes to floats; the image itself where it is floats already.</summary>
    public TwinMap Floats(TwinMap x) => _style.Numbers == TwinNumbers.ByteImage ? x with { Name = Node("Cast", x.Name, ("to", FloatType)) } : x;

    /// <summary>(image - mean) / deviation in the file.</summary>
    public TwinMap Standardize(TwinMap x)
    {
        double range = _style.Numbers == TwinNumbers.ByteImage ? 127.5 : 0.5;
        double offset = _style.Numbers == TwinNumbers.ByteImage ? 127.5 : 0;
        (string means, Tensor mean) = AlongChannels(x.Channels, () => offset + (range * 0.2 * Signed()));
        (string deviations, Tensor deviation) = AlongChannels(x.Channels, () => range * NearOne());
        return Made(Node("Div", $"{Node("Sub", $"{x.Name} {means}")} {deviations}"), x.Channels, x.Height, x.Width, run => run[x].sub(mean).div(deviation));
    }

    private TwinMap Alike(TwinMap x, string name, Func<Tensor, Tensor> compute) => Made(name, x.Channels, x.Height, x.Width, run => compute(run[x]));

    private string HardSwish(string x) => _random.Next(3) switch
    {
        0 when _style.Opset >= 14 => Node("HardSwish", x),
        1 => Node("Mul", $"{x} {Node("HardSigmoid", x, ("alpha", 1 / 6f), ("beta", 0.5f))}"),
        _ => Node("Div", $"{Node("Mul", $"{x} {Node("Clip", $"{Node("Add", $"{x} {Number(3)}")} {Number(0)} {Number(6)}")}")} {Number(6)}"),
    };

    private static Tensor Clamp(Tensor value, double least, double most) => value.clamp(HeldScalar.Of(least), HeldScalar.Of(most));

    private static long[] Two(long value) => [value, value];
}
