using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;

/// <summary>The parts that networks of tokens are made of, as PyTorch's exporter writes them: tokens are [batch, tokens, channels] where nothing else is said.</summary>
internal static class TokenWriter
{
    private const int Heads = 2;

    /// <summary>An image that is no square, so that rows are not taken for columns.</summary>
    public const int Height = 32;

    public const int Width = 48;

    public static NetworkWriter Network(long opset = 17) => new(Height, Width, opset, batch: 0);

    /// <summary>Patches that do not overlap, in a row.</summary>
    public static string Patches(this NetworkWriter net, long width, int patch) => net.InARow(net.Conv("image", width, patch, patch, pad: 0));

    /// <summary>[batch, channels, h, w] to tokens.</summary>
    public static string InARow(this NetworkWriter net, string map) => net.Transpose(net.Reshape(map, net.Channels(map), 0, net.Channels(map), -1), 0, 2, 1);

    /// <summary>Tokens to [batch, channels, h, w].</summary>
    public static string AsMap(this NetworkWriter net, string tokens, long height, long width) =>
        net.Reshape(net.Transpose(tokens, 0, 2, 1), net.Channels(tokens), 0, net.Channels(tokens), height, width);

    /// <summary>Learnt tokens for each image of the batch.</summary>
    public static string Learnt(this NetworkWriter net, string like, long count)
    {
        long channels = net.Channels(like);
        string batch = net.Node("Unsqueeze", $"{net.Node("Gather", $"{net.Node("Shape", like, 1)} {net.Index(0)}", 1, null, ("axis", 0))} {net.Ints(0)}", 1);
        string shape = net.Node("Concat", $"{batch} {net.Ints(-1)} {net.Ints(-1)}", 1, null, ("axis", 0));
        string given = net.Node("Where", $"{net.Node("Equal", $"{shape} {net.Ints(-1, -1, -1)}", 1)} {net.Ints(1, 1, 1)} {shape}", 1);
        return net.Node("Expand", $"{net.Weights([1, count, channels], 3)} {given}", channels);
    }

    public static string Joined(this NetworkWriter net, params string[] tokens) => net.Node("Concat", string.Join(' ', tokens), net.Channels(tokens[0]), null, ("axis", 1));

    public static string Positions(this NetworkWriter net, string tokens, long count) => net.Add(tokens, net.Weights([1, count, net.Channels(tokens)], 3));

    /// <summary>x[:, from:to]</summary>
    public static string Range(this NetworkWriter net, string tokens, long from, long to, int axis = 1) =>
        net.Node("Slice", $"{tokens} {net.Ints(from)} {net.Ints(to)} {net.Ints(axis)} {net.Ints(1)}", net.Channels(tokens));

    /// <summary>x[:, index]</summary>
    public static string Token(this NetworkWriter net, string tokens, long index, int axis = 1) =>
        net.Node("Gather", $"{tokens} {net.Index(index)}", net.Channels(tokens), null, ("axis", axis));

    /// <summary>The mean of all tokens.</summary>
    public static string Mean(this NetworkWriter net, string tokens) => net.Node("ReduceMean", tokens, net.Channels(tokens), null, ("axes", (long[])[1]), ("keepdims", 0));

    public static string Mlp(this NetworkWriter net, string x, Func<string, string>? activation = null)
    {
        long width = net.Channels(x);
        return net.Linear((activation ?? net.Gelu)(net.Linear(x, 2 * width)), width);
    }

    /// <summary>Attention along the last axis but one, over all that comes before.</summary>
    /// <param name="net">The network.</param>
    /// <param name="x">[groups…, tokens, channels].</param>
    /// <param name="shape">The shape, with a 0 for the batch.</param>
    /// <param name="bias">Added to the products before the softmax.</param>
    public static string Attention(this NetworkWriter net, string x, long[] shape, Func<string, string>? bias = null)
    {
        long channels = net.Channels(x);
        int groups = shape.Length - 2;
        long[] first = [.. Enumerable.Range(0, groups).Select(i => (long)i)];
        string all = net.Reshape(net.Linear(x, 3 * channels), channels / Heads, [.. shape[..^1], 3, Heads, channels / Heads]);
        string parts = net.Transpose(all, [groups + 1, .. first, groups + 2, groups, groups + 3]);
        string[] qkv = [.. Enumerable.Range(0, 3).Select(i => net.Token(parts, i, axis: 0))];
        string keys = net.Transpose(qkv[1], [.. first, groups, groups + 2, groups + 1]);
        string products = net.Mul(net.Node("MatMul", $"{qkv[0]} {keys}", shape[^2]), net.Number(1 / MathF.Sqrt(channels / Heads)));
        string shares = net.Node("Softmax", bias is null ? products : bias(products), shape[^2], null, ("axis", -1));
        string mixed = net.Transpose(net.Node("MatMul", $"{shares} {qkv[2]}", channels / Heads), [.. first, groups + 1, groups, groups + 2]);
        return net.Linear(net.Reshape(mixed, channels, [.. shape[..^1], channels]), channels);
    }

    /// <summary>A bias learnt for each two tokens, as relative positions come to when they are folded.</summary>
    public static Func<string, string> Relative(this NetworkWriter net, long tokens) => products => net.Add(products, net.Weights([Heads, tokens, tokens], 3));

    /// <summary>Norm, attention, norm and two linear layers, each half beside a way past it.</summary>
    public static string Block(this NetworkWriter net, string x, long[] shape, string? name = null, Func<string, string>? bias = null, bool scaled = false)
    {
        long channels = net.Channels(x);
        string first = net.Add(x, Scaled(net.Attention(net.LayerNorm(x), shape, bias)));
        return net.Add(first, Scaled(net.Mlp(net.LayerNorm(first))), name);

        string Scaled(string half) => scaled ? net.Mul(half, net.Weights([channels], 2)) : half;
    }
}
