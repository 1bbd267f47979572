using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Onnx.Branches;

/// <summary>Tells an If that only asks for shapes, as tracing writes it, from one that looks at the image.</summary>
internal static class BranchCondition
{
    /// <summary>Whether a node is an If whose condition is the same for all images of a size.</summary>
    public static bool IsFoldable(NodeProto node, NeededPart part) => IsBranch(node) && node.Input.Count == 1 && !part.DependsOnInput(node.Input[0], ReadsShapeOnly);

    public static bool IsBranch(NodeProto node) => node.OpType == "If" && OnnxFile.IsStandard(node.Domain);

    /// <summary>Whether a node reads no number of its input, only its shape.</summary>
    public static bool ReadsShapeOnly(NodeProto node) =>
        OnnxFile.IsStandard(node.Domain) && OperatorRegistry.Find(node.OpType)?.Is(OperatorTraits.ReadsShapeOnly) == true;
}
