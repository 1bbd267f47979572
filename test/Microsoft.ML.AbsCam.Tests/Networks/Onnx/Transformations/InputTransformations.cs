using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>What stands in front of a network: colours in another order, raw bytes, blocks of pixels as channels, open sizes.</summary>
internal static class InputTransformations
{
    private const int ByteType = 2;
    private const int FloatType = 1;

    private static readonly long[] Reversed = [2, 1, 0];

    public static Transformation[] All =>
    [
        new("colours flipped by Gather", net => Flip(net, x => net.Node("Gather", $"{x} {net.Ints(Reversed)}", ("axis", 1)))),
        new("colours flipped by Slice", net => Flip(net, x => net.Node("Slice", $"{x} {net.Ints(-1)} {net.Ints(long.MinValue + 1)} {net.Ints(1)} {net.Ints(-1)}"))),
        new("colours flipped by Split and Concat", net => Flip(net, x => net.Node("Concat", string.Join(' ', net.NodeOf(3, "Split", $"{x} {net.Ints(1, 1, 1)}", ("axis", 1)).Reverse()), ("axis", 1)))),
        new("raw bytes", Bytes),
        new("raw bytes, channels last", net => LayoutTransformations.ToLast(net) && Bytes(net)),
        new("blocks of pixels by view and permute", net => Blocks(net, Viewed), net => Blocks(net, SpaceToDepth)),
        new("blocks of pixels by slices", net => Blocks(net, Sliced), net => Blocks(net, SpaceToDepth)),
        new("open height and width", Open),
    ];

    private static bool Flip(Rewriting net, Func<string, string> flip)
    {
        net.Behind(Rewriting.Image, flip);
        net.IsFlipped = true;
        return true;
    }

    private static bool Bytes(Rewriting net)
    {
        net.Graph.Input[0].Type.TensorType.ElemType = ByteType;
        net.Behind(Rewriting.Image, x => net.Node("Sub", $"{net.Node("Div", $"{net.Node("Cast", x, ("to", FloatType))} {net.Number(Pictures.HalfRange)}")} {net.Number(1)}"));
        net.IsRaw = true;
        return true;
    }

    // The image is twice as large, and a convolution makes three channels of twelve.
    private static bool Blocks(Rewriting net, Func<Rewriting, string, long, long, string> blocks)
    {
        long[] image = net.ImageShape;
        net.Behind(Rewriting.Image, x => net.Node("Conv", $"{blocks(net, x, image[1], image[2])} {net.Floats([3, 12, 1, 1], Support.OnnxModelBuilder.Numbers([3, 12, 1, 1], 5))}"));
        TensorShapeProto shape = net.Graph.Input[0].Type.TensorType.Shape;
        foreach (TensorShapeProto.Types.Dimension size in shape.Dim.Skip(2))
        {
            size.DimValue *= 2;
        }

        net.Scale = 2;
        return true;
    }

    private static string SpaceToDepth(Rewriting net, string x, long height, long width) => net.Node("SpaceToDepth", x, ("blocksize", 2));

    private static string Viewed(Rewriting net, string x, long height, long width) =>
        net.Reshape(net.Transpose(net.Reshape(x, -1, 3, height, 2, width, 2), 0, 3, 5, 1, 2, 4), -1, 12, height, width);

    private static string Sliced(Rewriting net, string x, long height, long width)
    {
        IEnumerable<string> parts = new (long Y, long X)[] { (0, 0), (0, 1), (1, 0), (1, 1) }
            .Select(at => net.Node("Slice", $"{x} {net.Ints(at.Y, at.X)} {net.Ints(int.MaxValue, int.MaxValue)} {net.Ints(2, 3)} {net.Ints(2, 2)}"));
        return net.Node("Concat", string.Join(' ', parts), ("axis", 1));
    }

    // Flattening by Shape, Gather and Concat, and sizes that are looked up where a map is taken apart.
    private static bool Open(Rewriting net)
    {
        TensorShapeProto shape = net.Graph.Input[0].Type.TensorType.Shape;
        foreach (TensorShapeProto.Types.Dimension size in shape.Dim.Skip(2))
        {
            size.DimParam = $"size{size.DimValue}";
        }

        foreach (NodeProto node in net.Graph.Node.Where(node => node.OpType == "Flatten" && net.IsMap(node.Input[0])).ToArray())
        {
            string from = node.Input[0];
            net.Replace(node, () => net.Node("Reshape", $"{from} {net.Node("Concat", $"{Looked(net, from, 0)} {net.Ints(-1)}", ("axis", 0))}"));
        }

        foreach (NodeProto node in net.Graph.Node.Where(node => node.OpType == "Reshape").ToArray())
        {
            Reshape(net, node);
        }

        net.IsOpen = true;
        return true;
    }

    private static void Reshape(Rewriting net, NodeProto node)
    {
        TensorProto? sizes = net.Graph.Initializer.SingleOrDefault(weight => weight.Name == node.Input[1]);
        if (sizes is not { Int64Data.Count: >= 4 } || !net.Graph.Node.Any(other => other.OpType == "Conv") || !sizes.Int64Data.TakeLast(2).SequenceEqual(SizeOf(net, node.Input[0])))
        {
            return;
        }

        string from = node.Input[0];
        int rank = net.ShapeOf(from).Length;
        string[] parts =
        [
            Looked(net, from, 0),
            .. sizes.Int64Data.Skip(1).SkipLast(2).Select(size => net.Ints(size)),
            Looked(net, from, rank - 2),
            Looked(net, from, rank - 1),
        ];
        net.Replace(node, () => net.Node("Reshape", $"{from} {net.Node("Concat", string.Join(' ', parts), ("axis", 0))}"));
    }

    private static IEnumerable<long> SizeOf(Rewriting net, string value) => net.ShapeOf(value).TakeLast(2);

    private static string Looked(Rewriting net, string value, int axis) =>
        net.Node("Unsqueeze", $"{net.Node("Gather", $"{net.Node("Shape", value)} {net.Int(axis)}", ("axis", 0))} {net.Ints(0)}");
}
