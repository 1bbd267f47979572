using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;

/// <summary>Networks that take the mean of their tokens: BEiT, MLP-Mixer, PoolFormer. The layer is the last one before the mean.</summary>
internal static class PooledTokenFamilies
{
    private const int Patch = 8;
    private const int Places = 24;
    private const int Channels = 16;

    public static TokenFamily[] All =>
    [
        new(new Family("BEiT, relative positions", "blocks.2", "Add", Beit), 4, 6, Channels, Places + 1, 1),
        new(new Family("MLP-Mixer", "norm", "LayerNormalization", Mixer), 4, 6, Channels, Places),
        new(new Family("PoolFormer", "norm", "Add", PoolFormer), 4, 6, Channels, ChannelsFirst: true),
    ];

    private static byte[] Beit()
    {
        NetworkWriter net = TokenWriter.Network();
        string patches = net.Patches(Channels, Patch);
        string x = net.Joined(net.Learnt(patches, 1), patches);
        for (int block = 0; block < 3; block++)
        {
            x = net.Block(x, [0, Places + 1, Channels], $"blocks.{block}", net.Relative(Places + 1), scaled: true);
        }

        return net.Finish(net.Gemm(net.LayerNorm(net.Mean(net.Range(x, 1, long.MaxValue))), Channels, NetworkWriter.Classes));
    }

    private static byte[] Mixer()
    {
        NetworkWriter net = TokenWriter.Network();
        string x = net.Patches(Channels, Patch);
        for (int block = 0; block < 3; block++)
        {
            string turned = net.Transpose(net.LayerNorm(x), 0, 2, 1);
            string mixed = net.Node("MatMul", $"{turned} {net.Weights([Places, 12], Places)}", 12);
            mixed = net.Node("MatMul", $"{net.Gelu(mixed)} {net.Weights([12, Places], 40)}", Channels);
            x = net.Add(x, net.Transpose(mixed, 0, 2, 1));
            x = net.Add(x, net.Mlp(net.LayerNorm(x)));
        }

        return net.Finish(net.Gemm(net.Mean(net.LayerNorm(x, "norm")), Channels, NetworkWriter.Classes));
    }

    private static byte[] PoolFormer()
    {
        NetworkWriter net = TokenWriter.Network();
        string x = net.Conv("image", 8, 7, 4, pad: 2);
        x = Block(Block(x));
        x = net.Conv(x, Channels, 3, 2);
        x = Norm(Block(x), "norm");
        return net.Finish(net.Gemm(net.Mean(x, keep: false), Channels, NetworkWriter.Classes));

        string Block(string from)
        {
            long width = net.Channels(from);
            string even = Norm(from);
            string pooled = net.Node(
                "AveragePool", even, width, null, ("kernel_shape", (long[])[3, 3]), ("strides", (long[])[1, 1]), ("pads", (long[])[1, 1, 1, 1]), ("count_include_pad", 0));
            string sum = net.Add(from, net.Mul(net.Node("Sub", $"{pooled} {even}", width), net.Weights([width, 1, 1], 3)));
            return net.Add(sum, net.Mul(net.Conv(net.Gelu(net.Conv(Norm(sum), 2 * width)), width), net.Weights([width, 1, 1], 3)));
        }

        // One group, as exporters write it before there was an operator for it.
        string Norm(string from, string? name = null)
        {
            long width = net.Channels(from);
            string line = net.Node("InstanceNormalization", $"{net.Reshape(from, width, 0, 1, -1)} {net.Weights([1], 1)} {net.Weights([1], 10)}", width);
            string map = net.Node("Reshape", $"{line} {net.Node("Shape", from, 4)}", width);
            return net.Add(net.Mul(map, net.Weights([width, 1, 1], 2)), net.Weights([width, 1, 1], 10), name);
        }
    }
}
