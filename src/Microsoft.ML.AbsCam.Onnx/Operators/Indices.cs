using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Places along an axis, which may count from the end.</summary>
internal static class Indices
{
    public static Tensor FromStart(Tensor index, long size)
    {
        Tensor whole = index.to(ScalarType.Int64);
        return where(whole.lt(HeldScalar.Of(0)), whole.Plus(size), whole);
    }

    /// <summary>Counted from the start, each within the axis.</summary>
    /// <exception cref="NetworkLoadException">One is not.</exception>
    public static Tensor Within(OnnxNode node, Tensor index, long size)
    {
        if (index.is_floating_point())
        {
            throw node.Error("its indices are real numbers; expected whole ones.");
        }

        Tensor fromStart = FromStart(index, size);
        return fromStart.numel() == 0 || (fromStart.min().item<long>() >= 0 && fromStart.max().item<long>() < size)
            ? fromStart
            : throw node.Error($"an index is outside an axis of {size}.");
    }
}
