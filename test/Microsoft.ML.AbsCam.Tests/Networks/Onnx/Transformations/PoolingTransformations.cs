using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>The last pooling in other spellings, and attention pooling in two.</summary>
internal static class PoolingTransformations
{
    private static readonly long[] HeightAndWidth = [2, 3];
    private static readonly long[] Last = [-1];

    public static Transformation[] All =>
    [
        new("mean by GlobalAveragePool", net => Pool(net, "GlobalAveragePool", x => net.Node("GlobalAveragePool", x))),
        new("mean by ReduceMean", net => Pool(net, "ReduceMean", x => net.Node("ReduceMean", x, ("axes", HeightAndWidth)))),
        new("mean by AveragePool of the whole map", net => Pool(net, "", x => net.Node("AveragePool", x, ("kernel_shape", net.ShapeOf(x)[2..])))),
        new("mean by a matrix product", net => Pool(net, "", x => ByWeights(net, x))),
        new("mean of a line of places", net => Pool(net, "", x => OfLine(net, x))),
        new("mean by a sum and a division", net => Pool(net, "", x => net.Node("Div", $"{net.Node("ReduceSum", $"{x} {net.Ints(HeightAndWidth)}")} {net.Number(Places(net, x))}"))),
        new("generalised mean", net => Pool(net, "", x => GeneralisedMean(net, x, Power)), net => Pool(net, "", x => GeneralisedMean(net, x, Product))),
        new("generalised mean, cut by Max", net => Pool(net, "", x => GeneralisedMean(net, x, Power, "Max")), net => Pool(net, "", x => GeneralisedMean(net, x, Product))),
        new("attention pooling by a matrix product", net => Attend(net, ByProduct), net => Attend(net, BySum)),
        new("attention pooling by an unrolled softmax", net => Attend(net, Unrolled), net => Attend(net, BySum)),
    ];

    private static long Places(Rewriting net, string x) => net.ShapeOf(x)[2] * net.ShapeOf(x)[3];

    // The last global pooling: of the layer, or of maps with a channel for each class behind it.
    private static NodeProto? LastPool(Rewriting net) => net.Graph.Node.LastOrDefault(node => node.OpType is "GlobalAveragePool" or "ReduceMean" && net.IsMap(node.Input[0]) && Places(net, node.Input[0]) > 1);

    private static bool Pool(Rewriting net, string own, Func<string, string> write)
    {
        if (LastPool(net) is not NodeProto pool || pool.OpType == own)
        {
            return false;
        }

        bool isFlat = net.ShapeOf(pool.Output[0]).Length == 2;
        net.Replace(pool, () => isFlat ? net.Node("Flatten", write(pool.Input[0])) : write(pool.Input[0]));
        return true;
    }

    private static string ByWeights(Rewriting net, string x)
    {
        (long channels, long places) = (net.ShapeOf(x)[1], Places(net, x));
        string share = net.Floats([places, 1], [.. Enumerable.Repeat(1f / places, (int)places)]);
        return net.Reshape(net.Node("MatMul", $"{net.Reshape(x, 0, channels, -1)} {share}"), 0, channels, 1, 1);
    }

    private static string OfLine(Rewriting net, string x) =>
        net.Node("Unsqueeze", $"{net.Node("ReduceMean", net.Reshape(x, 0, net.ShapeOf(x)[1], -1), ("axes", Last))} {net.Ints(-1)}");

    // Cut at a small number, to the third power, and the root of the mean.
    private static string GeneralisedMean(Rewriting net, string x, Func<Rewriting, string, string> power, string cut = "Clip") =>
        net.Node("Pow", $"{net.Node("GlobalAveragePool", power(net, net.Node(cut, $"{x} {net.Number(1e-6f)}")))} {net.Number(1 / 3f)}");

    private static string Power(Rewriting net, string x) => net.Node("Pow", $"{x} {net.Number(3)}");

    private static string Product(Rewriting net, string x) => net.Node("Mul", $"{net.Node("Mul", $"{x} {x}")} {x}");

    private static bool Attend(Rewriting net, Func<Rewriting, string, string, string> pool)
    {
        if (LastPool(net) is not NodeProto last || net.Behind(last.Input[0]) != net.Pick)
        {
            return false;
        }

        string x = last.Input[0];
        long channels = net.ShapeOf(x)[1];
        bool isFlat = net.ShapeOf(last.Output[0]).Length == 2;
        string looks = net.Node("Conv", $"{x} {net.Floats([1, channels, 1, 1], Support.OnnxModelBuilder.Numbers([channels], 9))}");
        net.Replace(last, () => isFlat ? net.Node("Flatten", pool(net, x, looks)) : pool(net, x, looks));
        return true;
    }

    private static string Shares(Rewriting net, string looks) => net.Node("Softmax", net.Reshape(looks, 0, -1), ("axis", 1));

    private static string BySum(Rewriting net, string x, string looks) => Sum(net, x, net.Reshape(Shares(net, looks), 0, 1, net.ShapeOf(x)[2], net.ShapeOf(x)[3]));

    private static string ByProduct(Rewriting net, string x, string looks)
    {
        long channels = net.ShapeOf(x)[1];
        return net.Reshape(net.Node("MatMul", $"{net.Reshape(x, 0, channels, -1)} {net.Reshape(Shares(net, looks), 0, -1, 1)}"), 0, channels, 1, 1);
    }

    private static string Unrolled(Rewriting net, string x, string looks)
    {
        string powers = net.Node("Exp", looks);
        return Sum(net, x, net.Node("Div", $"{powers} {net.Node("ReduceSum", $"{powers} {net.Ints(HeightAndWidth)}")}"));
    }

    private static string Sum(Rewriting net, string x, string shares) => net.Node("ReduceSum", $"{net.Node("Mul", $"{x} {shares}")} {net.Ints(HeightAndWidth)}");
}
