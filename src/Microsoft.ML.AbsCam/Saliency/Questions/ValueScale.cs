using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>
/// Where a value lies between that of an image of zeros, 0, and that of the row's own image, 1, for values that are no probabilities; kept within 0 and
/// 1. Where the two are alike nothing can be told, and it is 0.
/// </summary>
/// <param name="own">The values of the images themselves [B,V].</param>
/// <param name="ofEmptyImage">Those of an image of zeros [1,V].</param>
internal sealed class ValueScale(Tensor own, Lazy<Tensor> ofEmptyImage)
{
    /// <param name="values">The values of altered images [N,V].</param>
    /// <param name="rows">The row of the batch that each was made of.</param>
    public Tensor Of(Tensor values, ReadOnlySpan<int> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor empty = ofEmptyImage.Value;
        Tensor range = (own - empty).index_select(0, tensor(rows.ToArray()).to(ScalarType.Int64).to(own.device));
        Tensor share = (values - empty).div(range).clamp(HeldScalar.Of(0L), HeldScalar.Of(1L));
        return share.masked_fill(range.eq(HeldScalar.Of(0L)), HeldScalar.Of(0L)).MoveToOuterDisposeScope();
    }
}
