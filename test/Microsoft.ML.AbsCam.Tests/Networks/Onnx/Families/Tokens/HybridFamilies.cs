using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;

/// <summary>Convolutions and attention in one network: CoAtNet, MobileViT, EfficientFormer. The layer is whichever of the two comes last.</summary>
internal static class HybridFamilies
{
    public static TokenFamily[] All =>
    [
        new(new Family("CoAtNet", "stages.3.1", "Add", CoAtNet), 4, 6, 16, 24),
        new(new Family("MobileViT", "conv_1x1.act", "Mul", MobileVit), 4, 6, 20, ChannelsFirst: true),
        new(new Family("EfficientFormer", "norm", "LayerNormalization", EfficientFormer), 4, 6, 16, 24),
    ];

    private static byte[] CoAtNet()
    {
        NetworkWriter net = TokenWriter.Network();
        string x = net.Gelu(net.Conv("image", 8, 3, 2));
        x = Mobile(net, x, 12);
        x = net.InARow(Mobile(net, x, 16));
        x = net.Block(x, [0, 24, 16], bias: net.Relative(24));
        x = net.Block(x, [0, 24, 16], "stages.3.1", net.Relative(24));
        return net.PoolAndClassify(net.AsMap(x, 4, 6));
    }

    // Pixels of one place in all blocks of 2 x 2 meet; then they are put back, and convolutions follow.
    private static byte[] MobileVit()
    {
        NetworkWriter net = TokenWriter.Network();
        string x = net.Silu(net.Conv("image", 8, 3, 2));
        x = net.Silu(net.Conv(net.Silu(net.Conv(x, 12, 3, 2)), 12, 3, 2));
        string local = net.Conv(net.Silu(net.Conv(x, 12, 3)), 16);
        string six = net.Transpose(net.Reshape(local, 16, -1, 2, 3, 2), 0, 2, 1, 3);
        string lines = net.Reshape(net.Transpose(net.Reshape(six, 16, -1, 16, 6, 4), 0, 3, 2, 1), 16, -1, 6, 16);
        lines = net.LayerNorm(net.Block(net.Block(lines, [0, 6, 16]), [0, 6, 16]));
        string back = net.Transpose(net.Reshape(lines, 16, -1, 4, 6, 16), 0, 3, 2, 1);
        back = net.Transpose(net.Reshape(back, 16, -1, 3, 2, 2), 0, 2, 1, 3);
        string map = net.Silu(net.Conv(net.Reshape(back, 16, -1, 16, 4, 6), 12));
        x = net.Silu(net.Conv(net.Concat([x, map]), 12, 3));
        return net.PoolAndClassify(net.Silu(net.Conv(x, 20), "conv_1x1.act"));
    }

    private static byte[] EfficientFormer()
    {
        NetworkWriter net = TokenWriter.Network();
        string x = net.ConvRelu(net.ConvRelu("image", 8, 3, 2), 12, 3, 2);
        string pooled = net.Node("AveragePool", x, 12, null, ("kernel_shape", (long[])[3, 3]), ("strides", (long[])[1, 1]), ("pads", (long[])[1, 1, 1, 1]), ("count_include_pad", 0));
        x = net.Add(x, net.Mul(net.Node("Sub", $"{pooled} {x}", 12), net.Weights([12, 1, 1], 3)));
        x = net.Add(x, net.Conv(net.Gelu(net.Conv(x, 24)), 12));
        x = net.InARow(net.Conv(x, 16, 3, 2));
        x = net.Block(x, [0, 24, 16], bias: net.Relative(24), scaled: true);
        x = net.Mean(net.LayerNorm(net.Block(x, [0, 24, 16], bias: net.Relative(24), scaled: true), "norm"));
        string both = net.Add(net.Gemm(x, 16, NetworkWriter.Classes), net.Gemm(x, 16, NetworkWriter.Classes));
        return net.Finish(net.Node("Div", $"{both} {net.Number(2)}", NetworkWriter.Classes));
    }

    private static string Mobile(NetworkWriter net, string x, long width)
    {
        string inner = net.Gelu(net.Conv(net.Gelu(net.Conv(x, 2 * width)), 2 * width, 3, 2, groups: 2 * width));
        return net.Add(net.Conv(Family.Excite(net, inner, 4), width), net.Conv(net.AveragePool(x, 2, 2), width));
    }
}
