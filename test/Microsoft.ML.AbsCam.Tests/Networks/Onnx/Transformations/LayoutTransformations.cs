using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>All maps with channels last, as TensorFlow's exporters write them: transpositions around what wants them first.</summary>
internal static class LayoutTransformations
{
    private static readonly string[] ElementWise =
        ["Relu", "Clip", "Sigmoid", "HardSigmoid", "HardSwish", "Add", "Sub", "Mul", "Div", "Pow", "Sqrt", "Erf", "Dropout", "Identity", "Cast"];

    private static readonly long[] Last = [0, 2, 3, 1];
    private static readonly long[] First = [0, 3, 1, 2];
    private static readonly long[] Places = [2, 3];

    public static Transformation[] All => [new("channels last", ToLast)];

    /// <summary>Turns the image and every map; each keeps its name.</summary>
    public static bool ToLast(Rewriting net)
    {
        Google.Protobuf.Collections.RepeatedField<TensorShapeProto.Types.Dimension> image = net.Graph.Input[0].Type.TensorType.Shape.Dim;
        TensorShapeProto.Types.Dimension channels = image[1];
        image.RemoveAt(1);
        image.Add(channels);
        HashSet<string> turned = [Rewriting.Image];
        NodeProto[] nodes = [.. net.Graph.Node];
        net.Graph.Node.Clear();
        foreach (NodeProto node in nodes)
        {
            Turn(net, node, turned);
        }

        return true;
    }

    private static void Turn(Rewriting net, NodeProto node, HashSet<string> turned)
    {
        string name = node.Output[0];
        long[]? order = node.Attribute.SingleOrDefault(attribute => attribute.Name == "perm")?.Ints.ToArray();
        if (node.OpType == "Transpose" && order!.SequenceEqual(First) && !turned.Contains(node.Input[0]))
        {
            // The map was channels last by itself for a while; now it is all along.
            net.NodeNamed(name, "Identity", node.Input[0]);
            turned.Add(name);
        }
        else if (!node.Input.Any(turned.Contains))
        {
            net.Graph.Node.Add(node);
        }
        else if (node.OpType == "Transpose" && order!.SequenceEqual(Last))
        {
            net.NodeNamed(name, "Identity", node.Input[0]);
        }
        else if (ElementWise.Contains(node.OpType))
        {
            for (int i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = Beside(net, node.Input[i], turned);
            }

            net.Graph.Node.Add(node);
            turned.Add(name);
        }
        else if (node.OpType is "Concat" or "Split" && AxisOf(node) is { I: 1 } axis && node.Input.Where(net.IsMap).All(turned.Contains))
        {
            axis.I = 3;
            net.Graph.Node.Add(node);
            turned.UnionWith(node.Output);
        }
        else if (node.OpType is "GlobalAveragePool" or "ReduceMean" or "ReduceMax")
        {
            Reduce(net, node, turned);
        }
        else if (node.OpType == "Flatten" && net.ShapeOf(node.Input[0]) is [_, _, 1, 1])
        {
            net.Graph.Node.Add(node);
        }
        else
        {
            Wrap(net, node, turned);
        }
    }

    private static void Reduce(Rewriting net, NodeProto node, HashSet<string> turned)
    {
        long[] axes = node.OpType == "GlobalAveragePool" ? Places : [.. node.Attribute.Single(attribute => attribute.Name == "axes").Ints];
        bool keeps = net.IsMap(node.Output[0]);
        net.NodeNamed(
            node.Output[0],
            node.OpType == "ReduceMax" ? "ReduceMax" : "ReduceMean",
            node.Input[0],
            ("axes", (long[])[.. axes.Select(axis => axis == 1 ? 3 : axis - 1)]),
            ("keepdims", keeps ? 1 : 0));
        if (keeps)
        {
            turned.Add(node.Output[0]);
        }
    }

    private static void Wrap(Rewriting net, NodeProto node, HashSet<string> turned)
    {
        for (int i = 0; i < node.Input.Count; i++)
        {
            node.Input[i] = turned.Contains(node.Input[i]) ? net.Transpose(node.Input[i], First) : node.Input[i];
        }

        net.Graph.Node.Add(node);
        for (int i = 0; i < node.Output.Count; i++)
        {
            string name = node.Output[i];
            if (net.IsMap(name))
            {
                node.Output[i] = name + ".first";
                net.NodeNamed(name, "Transpose", node.Output[i], ("perm", Last));
                turned.Add(name);
            }
        }
    }

    // What stands beside a turned map: one that is not turned yet, or weights along the channels.
    private static string Beside(Rewriting net, string value, HashSet<string> turned)
    {
        if (turned.Contains(value))
        {
            return value;
        }

        if (net.IsMap(value))
        {
            return net.Transpose(value, Last);
        }

        TensorProto? weight = net.Graph.Initializer.SingleOrDefault(initializer => initializer.Name == value);
        if (weight is { Dims: [.., long channels, 1, 1] })
        {
            weight.Dims.Clear();
            weight.Dims.Add(channels);
        }

        return value;
    }

    private static AttributeProto? AxisOf(NodeProto node) => node.Attribute.SingleOrDefault(attribute => attribute.Name == "axis");
}
