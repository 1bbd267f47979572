using Microsoft.ML.AbsCam.Onnx.Graphs;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Batches;

/// <summary>The shapes that values have in a batch, told from a run of one row and a run of two.</summary>
internal sealed class BatchShapes(RunTrace alone, RunTrace together)
{
    /// <summary>Numbers of one row in the largest value.</summary>
    public long LargestOfRow { get; } = together.Slots.Max(slot => together.ShapeOf(slot)!.Aggregate(1L, (product, size) => product * size) / together.Batch);

    public ScalarType TypeOf(int slot) => together.TypeOf(slot)!.Value;

    /// <summary>The rows lie along the first axis, or the value is the same for any batch; null where neither holds.</summary>
    public long[]? Of(int slot, long rows) => (alone.ShapeOf(slot), together.ShapeOf(slot)) switch
    {
        ([1, .. long[] one], [2, .. long[] two]) when one.AsSpan().SequenceEqual(two) => [rows, .. two],
        (long[] one, long[] two) when one.AsSpan().SequenceEqual(two) => two,
        _ => null,
    };
}
