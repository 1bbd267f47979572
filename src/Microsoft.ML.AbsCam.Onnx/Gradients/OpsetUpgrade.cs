using Google.Protobuf.Collections;
using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Onnx.Gradients;

/// <summary>
/// Brings the nodes of a graph from an older operator set into the forms of set <see cref="NodeWriter.LeastOpset"/>, in which they mean the same:
/// what was an attribute becomes an input.
/// </summary>
/// <param name="writer">Takes the constants.</param>
/// <param name="from">The operator set of the graph.</param>
internal sealed class OpsetUpgrade(NodeWriter writer, long from)
{
    private int _count;

    /// <param name="graph">Is changed in place.</param>
    /// <param name="isKnown">Whether an operator is one whose forms are known.</param>
    /// <returns>Null where it worked, else the operator whose forms are not known.</returns>
    public string? Apply(GraphProto graph, Func<string, bool> isKnown)
    {
        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        foreach (NodeProto node in nodes)
        {
            if (OnnxFile.IsStandard(node.Domain) && node.OpType is not ("If" or "Loop") && !isKnown(node.OpType))
            {
                return node.OpType;
            }

            foreach (GraphProto body in node.Attribute.Select(attribute => attribute.G).OfType<GraphProto>())
            {
                if (Apply(body, isKnown) is string unknown)
                {
                    return unknown;
                }
            }

            graph.Node.AddRange(OnnxFile.IsStandard(node.Domain) ? Upgraded(node) : [node]);
        }

        return null;
    }

    private NodeProto[] Upgraded(NodeProto node)
    {
        switch (node.OpType)
        {
            case "Clip" when from < 11:
                Move(node, "min", 1, attribute => writer.Real(attribute.F, ElementTypes.Float));
                Move(node, "max", 2, attribute => writer.Real(attribute.F, ElementTypes.Float));
                break;
            case "Pad" when from < 11:
                Move(node, "pads", 1, Ints);
                Move(node, "value", 2, attribute => writer.Real(attribute.F, ElementTypes.Float));
                break;
            case "Slice" when from < 10:
                Move(node, "starts", 1, Ints);
                Move(node, "ends", 2, Ints);
                Move(node, "axes", 3, Ints);
                break;
            case "TopK" when from < 10:
                Move(node, "k", 1, attribute => writer.Ints(attribute.I));
                break;
            case "Squeeze" or "Unsqueeze" or "ReduceSum":
                Move(node, "axes", 1, Ints);
                break;
            case "Split":
                Move(node, "split", 1, Ints);
                break;
            case "Dropout":
                Take(node.Attribute, "ratio");
                break;
            case "BatchNormalization":
                Take(node.Attribute, "spatial");
                break;
            case "Scatter":
                node.OpType = "ScatterElements";
                break;
            case "Upsample" or "Resize" when from < 11:
                // Scales alone, counted from the corner; the neighbour below.
                string scales = Take(node.Attribute, "scales") is { } given ? writer.Reals([.. given.Floats.Select(scale => (double)scale)], [given.Floats.Count], ElementTypes.Float) : node.Input[1];
                node.OpType = "Resize";
                string image = node.Input[0];
                node.Input.Clear();
                node.Input.AddRange([image, "", scales]);
                node.Attribute.Add(NodeWriter.Attribute("coordinate_transformation_mode", "asymmetric"));
                node.Attribute.Add(NodeWriter.Attribute("nearest_mode", "floor"));
                break;
            case "Softmax" or "LogSoftmax" or "Hardmax":
                return Flattened(node);
            default:
                break;
        }

        return [node];
    }

    // All axes from the named one on summed to one together: as one axis, which takes its shape again behind.
    private NodeProto[] Flattened(NodeProto node)
    {
        string name = $"{node.Output[0]}/set {NodeWriter.LeastOpset}/{_count++}";
        long axis = Take(node.Attribute, "axis")?.I ?? 1;
        var shape = new NodeProto { OpType = "Shape", Input = { node.Input[0] }, Output = { $"{name}/shape" } };
        var flat = new NodeProto { OpType = "Flatten", Input = { node.Input[0] }, Output = { $"{name}/flat" }, Attribute = { NodeWriter.Attribute("axis", axis) } };
        var back = new NodeProto { OpType = "Reshape", Input = { $"{name}/along", $"{name}/shape" }, Output = { node.Output[0] } };
        node.Input[0] = $"{name}/flat";
        node.Output[0] = $"{name}/along";
        node.Attribute.Add(NodeWriter.Attribute("axis", -1L));
        return [shape, flat, node, back];
    }

    private string Ints(AttributeProto attribute) => writer.Ints([.. attribute.Ints]);

    private static void Move(NodeProto node, string name, int input, Func<AttributeProto, string> constant)
    {
        if (Take(node.Attribute, name) is not { } attribute)
        {
            return;
        }

        while (node.Input.Count <= input)
        {
            node.Input.Add("");
        }

        node.Input[input] = constant(attribute);
    }

    private static AttributeProto? Take(RepeatedField<AttributeProto> attributes, string name)
    {
        AttributeProto? found = attributes.FirstOrDefault(attribute => attribute.Name == name);
        if (found is not null)
        {
            attributes.Remove(found);
        }

        return found;
    }
}
