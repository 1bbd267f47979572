using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Onnx.Branches;

/// <summary>A Squeeze that names no axes and drops all of size 1: for a single image the batch too, which is not meant.</summary>
internal static class OpenSqueeze
{
    private const long FirstOpsetWithAxesAsInput = 13;

    public static bool Is(NodeProto node, NeededPart part) =>
        node is { OpType: "Squeeze", Input.Count: > 0 } && OnnxFile.IsStandard(node.Domain)
        && (node.Input.Count == 1 || node.Input[1].Length == 0) && !node.Attribute.Any(attribute => attribute.Name == "axes")
        && part.DependsOnInput(node.Input[0], BranchCondition.ReadsShapeOnly);

    /// <summary>The same node with the axes that it drops for any number of images.</summary>
    /// <param name="node">The node.</param>
    /// <param name="shape">The shape of its input in a run.</param>
    /// <param name="rows">How many images that run had.</param>
    /// <param name="opset">The operator set.</param>
    /// <param name="graph">Takes the axes, where they are an input.</param>
    /// <param name="names">Names that nothing in the graph has.</param>
    public static NodeProto Closed(NodeProto node, long[] shape, long rows, long opset, GraphProto graph, FreshNames names)
    {
        // In a run of one image the leading axis may be the batch; a single number has none to lose.
        int first = rows == 1 && shape.Length > 1 ? 1 : 0;
        long[] axes = [.. Enumerable.Range(0, shape.Length).Where(axis => axis >= first && shape[axis] == 1).Select(axis => (long)axis)];
        NodeProto closed = node.Clone();
        while (closed.Input.Count > 1)
        {
            closed.Input.RemoveAt(closed.Input.Count - 1);
        }

        if (axes.Length == 0)
        {
            closed.OpType = "Identity";
        }
        else if (opset >= FirstOpsetWithAxesAsInput)
        {
            var dropped = new TensorProto { Name = names.Like($"{node.Output[0]}/axes"), DataType = ElementTypes.Int64 };
            dropped.Dims.Add(axes.Length);
            dropped.Int64Data.AddRange(axes);
            graph.Initializer.Add(dropped);
            closed.Input.Add(dropped.Name);
        }
        else
        {
            var dropped = new AttributeProto { Name = "axes", Type = AttributeProto.Types.AttributeType.Ints };
            dropped.Ints.AddRange(axes);
            closed.Attribute.Add(dropped);
        }

        return closed;
    }
}
