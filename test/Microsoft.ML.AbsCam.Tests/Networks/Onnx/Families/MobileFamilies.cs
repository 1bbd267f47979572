using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>Depthwise convolutions: MobileNet v1 to v3, MNASNet.</summary>
internal static class MobileFamilies
{
    public static Family[] All =>
    [
        new("MobileNet v1", "model.13.relu", "Relu", V1),
        new("MobileNet v2", "features.18.2", "Clip", V2),
        new("MobileNet v3, operator set 13", "features.16.2", "Div", () => V3(13)),
        new("MobileNet v3, operator set 14", "features.16.2", "HardSwish", () => V3(14)),
        new("MNASNet", "layers.16", "Relu", MnasNet),
    ];

    private static byte[] V1()
    {
        NetworkWriter net = new(Family.Size);
        string x = net.ConvRelu("image", 8, 3, 2);
        x = Separable(Separable(x, 12, 2, null), 16, 2, "model.13.relu");
        return net.Finish(net.Gemm(net.Reshape(net.AveragePool(x, 4, 1), 16, -1, 16), 16, NetworkWriter.Classes));

        string Separable(string from, long to, int stride, string? name) =>
            net.ConvRelu(net.ConvRelu(from, net.Channels(from), 3, stride, groups: net.Channels(from)), to, name: name);
    }

    private static byte[] V2()
    {
        NetworkWriter net = new(Family.Size);
        string x = net.Relu6(net.Conv("image", 8, 3, 2));
        x = Inverted(net, Inverted(net, Inverted(net, x, 8, 1, Active), 12, 2, Active), 12, 1, Active);
        x = net.Relu6(net.Conv(x, 24), "features.18.2");
        return net.PoolAndClassify(x);

        string Active(string value) => net.Relu6(value);
    }

    private static byte[] V3(long opset)
    {
        NetworkWriter net = new(Family.Size, opset);
        string x = net.HardSwish(net.Conv("image", 8, 3, 2));
        x = Inverted(net, x, 8, 1, value => net.Relu(value), Gate);
        x = Inverted(net, x, 12, 2, value => net.HardSwish(value), Gate);
        x = Inverted(net, x, 12, 1, value => net.HardSwish(value), Gate);
        x = net.HardSwish(net.Conv(x, 24), "features.16.2");
        string hidden = net.HardSwish(net.Gemm(net.Flatten(net.GlobalPool(x)), 24, 16));
        return net.Finish(net.Gemm(hidden, 16, NetworkWriter.Classes));

        string Gate(string inner) => Family.Excite(net, inner, 4, null, value => net.Node("HardSigmoid", value, net.Channels(value), null, ("alpha", 1f / 6)));
    }

    private static byte[] MnasNet()
    {
        NetworkWriter net = new(Family.Size);
        string x = net.ConvRelu("image", 8, 3, 2);
        x = Inverted(net, Inverted(net, x, 12, 2, Active), 12, 1, Active);
        x = net.ConvRelu(x, 24, name: "layers.16");
        return net.Finish(net.Gemm(net.Mean(x, keep: false), 24, NetworkWriter.Classes));

        string Active(string value) => net.Relu(value);
    }

    // Expand, filter each channel by itself, and project back without an activation.
    private static string Inverted(NetworkWriter net, string x, long to, int stride, Func<string, string> active, Func<string, string>? gate = null)
    {
        long wide = net.Channels(x) * 2;
        string inner = active(net.Conv(active(net.Conv(x, wide)), wide, 3, stride, groups: wide));
        inner = net.Conv(gate is null ? inner : gate(inner), to);
        return stride == 1 && to == net.Channels(x) ? net.Add(x, inner) : inner;
    }
}
