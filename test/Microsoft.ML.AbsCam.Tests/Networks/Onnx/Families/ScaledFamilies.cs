using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;

/// <summary>SiLU activations, written as x * sigmoid(x), and gates: EfficientNet and its second version.</summary>
internal static class ScaledFamilies
{
    public static Family[] All =>
    [
        new("EfficientNet", "features.8.2", "Mul", () => EfficientNet(fused: false)),
        new("EfficientNet v2", "features.8.2", "Mul", () => EfficientNet(fused: true)),
    ];

    private static byte[] EfficientNet(bool fused)
    {
        NetworkWriter net = new(Family.Size);
        string x = net.Silu(net.Conv("image", 8, 3, 2));
        x = Block(Block(Block(x, 8, 1), 12, 2), 12, 1);
        x = net.Silu(net.Conv(x, 24), "features.8.2");
        return net.PoolAndClassify(x);

        string Block(string from, long to, int stride)
        {
            long wide = net.Channels(from) * 2;
            string inner = fused
                ? net.Silu(net.Conv(from, wide, 3, stride))
                : net.Silu(net.Conv(net.Silu(net.Conv(from, wide)), wide, 3, stride, groups: wide));
            inner = net.Conv(fused ? inner : Family.Excite(net, inner, 4, value => net.Silu(value)), to);
            return stride == 1 && to == net.Channels(from) ? net.Add(inner, from) : inner;
        }
    }
}
