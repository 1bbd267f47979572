using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;

/// <summary>Attention within windows of maps with channels last: Swin, MaxViT.</summary>
internal static class WindowFamilies
{
    public static TokenFamily[] All =>
    [
        new(new Family("Swin", "norm", "LayerNormalization", Swin), 4, 6, 24),
        new(new Family("Swin, tokens in a row", "norm", "LayerNormalization", SwinInARow), 4, 6, 24, 24),
        new(new Family("MaxViT", "grid", "Reshape", MaxVit), 4, 6, 12),
    ];

    private static byte[] Swin()
    {
        NetworkWriter net = TokenWriter.Network();
        string x = net.LayerNorm(net.ChannelsLast(net.Conv("image", 12, 4, 4, pad: 0)));
        x = SwinBlock(net, SwinBlock(net, x, 8, 12, 4, 0), 8, 12, 4, 2);
        x = SwinBlock(net, SwinBlock(net, Merged(net, x), 4, 6, 2, 0), 4, 6, 2, 1);
        return net.PoolAndClassify(net.ChannelsFirst(net.LayerNorm(x, "norm")));
    }

    // As the first implementation has it: tokens [batch, rows x columns, channels] between all parts.
    private static byte[] SwinInARow()
    {
        NetworkWriter net = TokenWriter.Network();
        string x = net.LayerNorm(net.Patches(12, 4));
        x = Row(SwinBlock(net, SwinBlock(net, net.Reshape(x, 12, 0, 8, 12, 12), 8, 12, 4, 0), 8, 12, 4, 2), 96, 12);
        x = Row(Merged(net, net.Reshape(x, 12, 0, 8, 12, 12)), 24, 24);
        x = Row(SwinBlock(net, SwinBlock(net, net.Reshape(x, 24, 0, 4, 6, 24), 4, 6, 2, 0), 4, 6, 2, 1), 24, 24);
        string pooled = net.Node("GlobalAveragePool", net.Transpose(net.LayerNorm(x, "norm"), 0, 2, 1), 24);
        return net.Finish(net.Gemm(net.Flatten(pooled), 24, NetworkWriter.Classes));

        string Row(string map, long places, long channels) => net.Reshape(map, channels, 0, places, channels);
    }

    private static byte[] MaxVit()
    {
        NetworkWriter net = TokenWriter.Network();
        string x = net.Silu(net.Conv("image", 8, 3, 4));
        x = net.Silu(net.Conv(x, 12, 3, 2));
        x = Mobile(x);
        x = net.ChannelsLast(x);
        x = Windows(net, x, 4, 6, 2, inner => net.Block(inner, [0, 6, 4, 12], bias: net.Relative(4)));

        // A grid of 2 x 3: each token meets those of its place in all cells.
        string cells = net.Reshape(net.Transpose(net.Reshape(x, 12, 0, 2, 2, 2, 3, 12), 0, 2, 4, 1, 3, 5), 12, 0, 6, 4, 12);
        cells = net.Block(cells, [0, 6, 4, 12], bias: net.Relative(4));
        x = net.Node("Reshape", $"{net.Transpose(net.Reshape(cells, 12, 0, 2, 3, 2, 2, 12), 0, 3, 1, 4, 2, 5)} {net.Ints(0, 4, 6, 12)}", 12, "grid");
        return net.PoolAndClassify(net.ChannelsFirst(x));

        string Mobile(string from)
        {
            string inner = net.Silu(net.Conv(net.Silu(net.Conv(from, 24)), 24, 3, groups: 24));
            return net.Add(from, net.Conv(Family.Excite(net, inner, 4), 12));
        }
    }

    // Norm, attention in windows that are shifted by a roll, and its way back.
    private static string SwinBlock(NetworkWriter net, string x, long height, long width, long window, long shift)
    {
        long channels = net.Channels(x);
        long tokens = window * window;
        string rolled = Rolled(net, net.LayerNorm(x), shift);
        string inner = Windows(net, rolled, height, width, window, cut => net.Attention(cut, [0, height / window * (width / window), tokens, channels], net.Relative(tokens)));
        string first = net.Add(x, Rolled(net, inner, -shift));
        return net.Add(first, net.Mlp(net.LayerNorm(first)));
    }

    // torch.roll along rows and columns: two slices, joined the other way round.
    private static string Rolled(NetworkWriter net, string x, long shift)
    {
        foreach (int axis in shift == 0 ? [] : new[] { 1, 2 })
        {
            x = net.Node("Concat", $"{net.Range(x, shift, long.MaxValue, axis)} {net.Range(x, 0, shift, axis)}", net.Channels(x), null, ("axis", axis));
        }

        return x;
    }

    // [batch, height, width, channels] to [batch, windows, tokens of a window, channels], and back.
    private static string Windows(NetworkWriter net, string x, long height, long width, long window, Func<string, string> inner)
    {
        long channels = net.Channels(x);
        long[] order = [0, 1, 3, 2, 4, 5];
        string cut = net.Transpose(net.Reshape(x, channels, 0, height / window, window, width / window, window, channels), order);
        string mixed = inner(net.Reshape(cut, channels, 0, height / window * (width / window), window * window, channels));
        return net.Reshape(net.Transpose(net.Reshape(mixed, channels, 0, height / window, width / window, window, window, channels), order), channels, 0, height, width, channels);
    }

    // Four tokens become one of twice the channels.
    private static string Merged(NetworkWriter net, string x)
    {
        string[] parts = [.. new[] { (0, 0), (1, 0), (0, 1), (1, 1) }.Select(from => Strided(Strided(x, from.Item1, 1), from.Item2, 2))];
        string joined = net.Node("Concat", string.Join(' ', parts), 4 * net.Channels(x), null, ("axis", -1));
        return net.Node("MatMul", $"{net.LayerNorm(joined)} {net.Weights([48, 24], 48)}", 24);

        string Strided(string from, long start, int axis) => net.Node("Slice", $"{from} {net.Ints(start)} {net.Ints(long.MaxValue)} {net.Ints(axis)} {net.Ints(2)}", net.Channels(from));
    }
}
