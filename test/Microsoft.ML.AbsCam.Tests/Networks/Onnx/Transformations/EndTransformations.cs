using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>A block with its activation first behind the layer, and other outputs beside the scores.</summary>
internal static class EndTransformations
{
    private const string Block = "appended.relu";

    private static readonly long[] Border = [1, 1, 1, 1];

    public static Transformation[] All =>
    [
        new("a block that begins with its activation, appended", Appended),
        new("the features as first output", net => Output(net, 0, net.Pick)),
        new("the features as last output", net => Output(net, 1, net.Pick)),
        new("the label as last output", net => Output(net, 1, net.Node("ArgMax", Scores(net), ("axis", 1)), isIndex: true)),
        new("the label as first output", net => Output(net, 0, net.Node("ArgMax", Scores(net), ("axis", 1), ("keepdims", 0)), isIndex: true)),
        new("the best two as last outputs", net =>
        {
            string[] best = net.NodeOf(2, "TopK", $"{Scores(net)} {net.Ints(2)}", ("axis", 1));
            return Output(net, 1, best[0]) && Output(net, 2, best[1], isIndex: true);
        }),
    ];

    // An identity where the layer is nowhere negative: norms that change nothing, around a branch whose last weights are zero.
    private static bool Appended(Rewriting net)
    {
        if (net.Family.Operator is not ("Relu" or "Concat" or "Clip"))
        {
            return false;
        }

        long channels = net.ShapeOf(net.Pick)[1];
        net.Behind(net.Pick, x =>
        {
            string first = net.Node("Relu", Norm(net, x, channels));
            string second = net.Node("Relu", Conv(net, first, channels, Support.OnnxModelBuilder.Numbers([channels * channels * 9], 4)));
            string sum = net.Node("Add", $"{Conv(net, second, channels, new float[channels * channels * 9])} {x}");
            return net.NodeNamed(Block, "Relu", Norm(net, sum, channels));
        });
        net.Pick = Block;
        return true;
    }

    private static string Norm(Rewriting net, string x, long channels)
    {
        const float Epsilon = 1e-5f;
        string Vector(float value) => net.Floats([channels], [.. Enumerable.Repeat(value, (int)channels)]);
        return net.Node("BatchNormalization", $"{x} {Vector(MathF.Sqrt(1 + Epsilon))} {Vector(0)} {Vector(0)} {Vector(1)}", ("epsilon", Epsilon));
    }

    private static string Conv(Rewriting net, string x, long channels, float[] weights) =>
        net.Node("Conv", $"{x} {net.Floats([channels, channels, 3, 3], weights)}", ("pads", Border));

    private static string Scores(Rewriting net) => net.Graph.Output.Single(output => output.Name == "scores").Name;

    private static bool Output(Rewriting net, int at, string value, bool isIndex = false)
    {
        net.Graph.Output.Insert(at, new ValueInfoProto { Name = value, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = isIndex ? 7 : 1 } } });
        return true;
    }
}
