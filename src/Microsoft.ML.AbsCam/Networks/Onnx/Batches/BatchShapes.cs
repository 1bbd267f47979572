using Microsoft.ML.AbsCam.Onnx.Graphs;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Batches;

/// <summary>The shapes that values have in a batch, told from a run of one row and a run of two.</summary>
internal sealed class BatchShapes(RunTrace alone, RunTrace together)
{
    /// <summary>Numbers of one row in the largest value.</summary>
    public long LargestOfRow { get; } = together.Slots.Max(slot => together.ShapeOf(slot)!.Aggregate(1L, (product, size) => product * size) / together.Batch);

    public ScalarType TypeOf(int slot) => together.TypeOf(slot)!.Value;

    /// <summary>The rows lie along one axis, mostly the first, alone or with as many of something each, or the value is the same for any batch; null where neither holds.</summary>
    public long[]? Of(int slot, long rows)
    {
        if ((alone.ShapeOf(slot), together.ShapeOf(slot)) is not (long[] one, long[] two) || one.Length != two.Length)
        {
            return null;
        }

        int[] along = [.. Enumerable.Range(0, one.Length).Where(axis => one[axis] != two[axis])];
        return along switch
        {
            [] => two,
            [int axis] when two[axis] == 2 * one[axis] => [.. two[..axis], rows * one[axis], .. two[(axis + 1)..]],
            _ => null,
        };
    }
}
