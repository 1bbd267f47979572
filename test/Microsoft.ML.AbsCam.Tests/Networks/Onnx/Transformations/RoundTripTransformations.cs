using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>Maps that are taken apart and put together again, or merely copied: the map is the same map afterwards.</summary>
internal static class RoundTripTransformations
{
    private static readonly long[] NoBorder = [0, 0, 0, 0, 0, 0, 0, 0];

    public static Transformation[] All =>
    [
        new("windows and back, at the layer", net => At(net, net.Pick, Windows)),
        new("windows and back, early", net => At(net, Early(net), Windows)),
        new("windows as rows of a batch, at the layer", net => At(net, net.Pick, Batched)),
        new("channels shuffled and sorted again, at the layer", net => At(net, net.Pick, Shuffled)),
        new("channels shuffled and sorted again, early", net => At(net, Early(net), Shuffled)),
        new("blocks as channels and back, early", net => At(net, Early(net), Blocks)),
        new("one line of places and back, at the layer", net => At(net, net.Pick, Line)),
        new("channels last and back, at the layer", net => At(net, net.Pick, (_, x) => net.Transpose(net.Transpose(x, 0, 2, 3, 1), 0, 3, 1, 2))),
        new("copies behind the layer", net => At(net, net.Pick, (_, x) => net.Node("Pad", $"{net.Node("Identity", net.Node("Dropout", net.Node("Cast", x, ("to", 1))))} {net.Ints(NoBorder)}"))),
    ];

    private static bool At(Rewriting net, string value, Func<Rewriting, string, string?> trip)
    {
        bool applies = true;
        net.Behind(value, x =>
        {
            string? made = trip(net, x);
            applies = made is not null;
            return made ?? x;
        });
        return applies;
    }

    private static string Early(Rewriting net)
    {
        NodeProto first = net.Graph.Node.First(node => node.OpType == "Conv" && node.Input[0] == Rewriting.Image);
        return first.Output[0];
    }

    private static string? Windows(Rewriting net, string x) => net.ShapeOf(x) switch
    {
        [_, long c, long h, long w] when h % 2 == 0 && w % 2 == 0 =>
            net.Reshape(net.Transpose(net.Transpose(net.Reshape(x, -1, c, h / 2, 2, w / 2, 2), 0, 2, 4, 3, 5, 1), 0, 5, 1, 3, 2, 4), -1, c, h, w),
        _ => null,
    };

    // As Swin has them: each window a row of its own.
    private static string? Batched(Rewriting net, string x) => net.ShapeOf(x) switch
    {
        [_, long c, long h, long w] when h % 2 == 0 && w % 2 == 0 =>
            net.Reshape(
                net.Transpose(
                    net.Reshape(
                        net.Reshape(net.Transpose(net.Reshape(x, -1, c, h / 2, 2, w / 2, 2), 0, 2, 4, 3, 5, 1), -1, 4, c),
                        -1, h / 2, w / 2, 2, 2, c),
                    0, 5, 1, 3, 2, 4),
                -1, c, h, w),
        _ => null,
    };

    private static string? Shuffled(Rewriting net, string x) => net.ShapeOf(x) switch
    {
        [_, long c, long h, long w] when c % 2 == 0 =>
            net.Reshape(
                net.Transpose(net.Reshape(net.Reshape(net.Transpose(net.Reshape(x, -1, 2, c / 2, h, w), 0, 2, 1, 3, 4), -1, c, h, w), -1, c / 2, 2, h, w), 0, 2, 1, 3, 4),
                -1, c, h, w),
        _ => null,
    };

    private static string? Blocks(Rewriting net, string x) => net.ShapeOf(x) switch
    {
        [_, _, long h, long w] when h % 2 == 0 && w % 2 == 0 => net.Node("DepthToSpace", net.Node("SpaceToDepth", x, ("blocksize", 2)), ("blocksize", 2)),
        _ => null,
    };

    private static string Line(Rewriting net, string x)
    {
        long[] shape = net.ShapeOf(x);
        return net.Reshape(net.Reshape(x, -1, shape[1], shape[2] * shape[3]), [-1, .. shape[1..]]);
    }
}
