using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>A group norm behind the first convolution and behind the layer, spelled in ways that take the map apart or do not.</summary>
internal static class NormTransformations
{
    private const float Epsilon = 1e-5f;
    private const string Normed = "normed.relu";

    private static readonly long[] AllButBatch = [1, 2, 3];
    private static readonly long[] Line = [2];

    public static Transformation[] All =>
    [
        new("group norm: Reshape, InstanceNormalization, Reshape by Shape", net => Everywhere(net, AsPyTorch), net => Everywhere(net, Parts)),
        new("group norm: Reshape, InstanceNormalization, Reshape by numbers", net => Everywhere(net, AsTraced), net => Everywhere(net, Parts)),
        new("group norm: arithmetic on groups in one line", net => Everywhere(net, Lines), net => Everywhere(net, Parts)),
    ];

    private static bool Everywhere(Rewriting net, Func<Rewriting, string, long, string> norm)
    {
        NodeProto first = net.Graph.Node.First(node => node.OpType == "Conv" && node.Input[0] == Rewriting.Image);
        net.Behind(first.Output[0], value => norm(net, value, GroupsOf(net, value)));
        string pick = net.Pick;
        net.Behind(pick, value => net.NodeNamed(Normed, "Relu", norm(net, value, GroupsOf(net, pick))));
        net.Pick = Normed;
        return true;
    }

    private static long GroupsOf(Rewriting net, string value) => net.ShapeOf(value)[1] % 2 == 0 ? 2 : 1;

    // No map is taken apart but by its channels.
    private static string Parts(Rewriting net, string value, long groups)
    {
        long each = net.ShapeOf(value)[1] / groups;
        string[] parts = groups == 1 ? [value] : net.NodeOf((int)groups, "Split", $"{value} {net.Ints([.. Enumerable.Repeat(each, (int)groups)])}", ("axis", 1));
        return net.Node("Concat", string.Join(' ', parts.Select(part => Standard(net, part, AllButBatch))), ("axis", 1));
    }

    private static string AsPyTorch(Rewriting net, string value, long groups) => net.Node("Reshape", $"{Instances(net, value, groups)} {net.Node("Shape", value)}");

    private static string AsTraced(Rewriting net, string value, long groups) => net.Reshape(Instances(net, value, groups), [-1, .. net.ShapeOf(value)[1..]]);

    private static string Lines(Rewriting net, string value, long groups) =>
        net.Node("Reshape", $"{Standard(net, net.Reshape(value, 0, groups, -1), Line)} {net.Node("Shape", value)}");

    private static string Instances(Rewriting net, string value, long groups)
    {
        float[] ones = [.. Enumerable.Repeat(1f, (int)groups)];
        return net.Node("InstanceNormalization", $"{net.Reshape(value, 0, groups, -1)} {net.Floats([groups], ones)} {net.Floats([groups], new float[groups])}", ("epsilon", Epsilon));
    }

    private static string Standard(Rewriting net, string value, long[] axes)
    {
        string centred = net.Node("Sub", $"{value} {net.Node("ReduceMean", value, ("axes", axes))}");
        string variance = net.Node("ReduceMean", net.Node("Mul", $"{centred} {centred}"), ("axes", axes));
        return net.Node("Div", $"{centred} {net.Node("Sqrt", net.Node("Add", $"{variance} {net.Number(Epsilon)}"))}");
    }
}
