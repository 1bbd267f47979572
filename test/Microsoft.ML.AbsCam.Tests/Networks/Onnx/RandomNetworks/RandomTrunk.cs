namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>Stems and blocks of the kinds that people build networks of; which norm, activation and gate is drawn once for all of them.</summary>
internal sealed class RandomTrunk
{
    private readonly TwinNetwork _net;
    private readonly Random _random;
    private readonly string _norm;
    private readonly string _activation;
    private readonly string _gate;
    private readonly List<string> _parts = [];

    public RandomTrunk(TwinNetwork net, Random random)
    {
        (_net, _random) = (net, random);
        _norm = Any("batch", "batch", "affine", "group", "group", "layer", "instance", "none");
        _activation = Any("relu", "relu", "relu6", "silu", "hardswish", "gelu", "leaky");
        _gate = Any("none", "none", "none", "squeeze", "efficient", "spatial");
    }

    /// <summary>What was drawn, in words.</summary>
    public string Description => $"{string.Join(' ', _parts)} ({_norm} {_activation} {_gate})";

    public TwinMap Stem(TwinMap x, long width)
    {
        string kind = Any("conv", "conv", "deep", "pooled", "patches", "depth", "view", "slices");
        _parts.Add("stem:" + kind);
        return kind switch
        {
            "deep" => Unit(Unit(x, width, 3, 2), width, 3),
            "pooled" => _net.Pool(Unit(x, width, 3), Coin()),
            "patches" => _net.Norm(_net.Conv(x, width, 4, 4, pad: 0), _norm),
            "depth" or "view" or "slices" => Unit(_net.SpaceToDepth(x, kind), width, 3),
            _ => Unit(x, width, 3, 2),
        };
    }

    /// <summary>Some blocks, the last one of them of a kind that does not end in a convolution of one pixel where that is asked for.</summary>
    public TwinMap Blocks(TwinMap x, int count, long width, bool endsWide = false)
    {
        for (int i = 0; i < count; i++)
        {
            if (i > 0 && Math.Min(x.Height, x.Width) >= 8 && Coin())
            {
                _parts.Add("pool");
                x = _net.Pool(x, Coin());
            }

            x = Block(x, width, endsWide && i == count - 1 ? "plain" : Any("plain", "residual", "residual", "bottleneck", "inverted", "dense", "inception", "first", "convnext", "shuffle"));
        }

        return x;
    }

    /// <summary>What may stand between the last block and the pooling; each is a layer of its own.</summary>
    public TwinMap End(TwinMap x)
    {
        if (_random.Next(4) > 0)
        {
            return x;
        }

        _parts.Add("end");
        return _net.Activation(_net.Norm(x, _norm), _activation);
    }

    /// <summary>Copies, round trips and pooled maps behind the last layer, none of which is one.</summary>
    public TwinMap Tail(TwinMap x)
    {
        string kind = Any("", "", "", "copy", "windows", "pool");
        _parts.Add(kind.Length > 0 ? "tail:" + kind : "");
        return kind switch
        {
            "copy" => _net.Copy(x),
            "windows" => _net.Windows(x),
            "pool" when Math.Min(x.Height, x.Width) >= 4 => _net.Pool(x, Coin()),
            _ => x,
        };
    }

    private TwinMap Block(TwinMap x, long width, string kind)
    {
        _parts.Add(kind);
        switch (kind)
        {
            case "residual":
                return Joined(Gated(Normed(Unit(x, width, 3), width, 3)), x, width);
            case "bottleneck":
                return Joined(Gated(Normed(Unit(Unit(x, width / 2, 1), width / 2, 3, groups: Coin() ? 2 : 1), width, 1)), x, width);
            case "inverted":
                TwinMap wide = Unit(x, x.Channels * 2, 1);
                TwinMap deep = Normed(Gated(Unit(wide, wide.Channels, 3, groups: wide.Channels)), width, 1);
                return x.Channels == width ? _net.Add(deep, x) : deep;
            case "dense":
                TwinMap all = _net.Concat(x, Act(_net.Norm(_net.Conv(x, width / 2, 3), _norm)));
                return _net.Concat(all, _net.Conv(Act(_net.Norm(all, _norm)), width / 2, 3));
            case "inception":
                return _net.Concat(Unit(x, width / 2, 1), Unit(Unit(x, 3, 1), width / 2, 3), Act(_net.Conv(_net.Conv(x, 3), width / 2, 3, dilation: 2)));
            case "first":
                TwinMap active = Act(_net.Norm(x, _norm));
                TwinMap inner = _net.Conv(Act(_net.Norm(_net.Conv(active, width, 3), _norm)), width, 3);
                return _net.Add(inner, x.Channels == width ? x : _net.Conv(active, width));
            case "convnext":
                TwinMap mixed = _net.Norm(_net.Conv(x, x.Channels, 5, groups: x.Channels), "layer");
                return _net.Add(_net.Conv(_net.Activation(_net.Conv(mixed, x.Channels * 2), "gelu"), x.Channels), x);
            case "shuffle" when x.Channels % 2 == 0:
                TwinMap[] halves = _net.Halves(x);
                return Unit(_net.Shuffle(_net.Concat(halves[0], Unit(halves[1], halves[1].Channels, 3))), width, 3);
            default:
                return Gated(Unit(_random.Next(4) == 0 ? _net.Windows(x) : x, width, 3));
        }
    }

    private TwinMap Joined(TwinMap inner, TwinMap x, long width)
    {
        TwinMap sum = _net.Add(inner, x.Channels == width ? x : Normed(x, width, 1));
        return _random.Next(4) == 0 ? sum : Act(sum);
    }

    private TwinMap Unit(TwinMap x, long width, int kernel, int stride = 1, long groups = 1) => Act(Normed(x, width, kernel, stride, groups));

    private TwinMap Normed(TwinMap x, long width, int kernel, int stride = 1, long groups = 1) =>
        _net.Norm(_net.Conv(x, width, kernel, stride, x.Channels % groups == 0 && width % groups == 0 ? groups : 1), _norm);

    private TwinMap Act(TwinMap x) => _net.Activation(x, _activation);

    private TwinMap Gated(TwinMap x) => _gate switch
    {
        "squeeze" => _net.SqueezeExcite(x),
        "efficient" => _net.EfficientGate(x),
        "spatial" => _net.SpatialGate(x),
        _ => x,
    };

    private bool Coin() => _random.Next(2) == 0;

    private string Any(params string[] items) => TwinStyle.Any(_random, items);
}
