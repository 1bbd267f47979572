using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Graphs;

/// <summary>The shapes of a graph's values, as one run showed them, and which of their sizes others showed to be others.</summary>
/// <param name="graph">The graph.</param>
/// <param name="trace">The run whose sizes are told.</param>
/// <param name="others">Runs of another batch, or of larger images.</param>
internal sealed class TracedShapes(OnnxGraph graph, RunTrace trace, params IReadOnlyList<RunTrace> others)
{
    public ValueShape Of(int slot)
    {
        if (graph.Constants.TryGetValue(slot, out Tensor? constant))
        {
            return new ValueShape(constant.shape, new bool[constant.dim()], ElementTypes.InFile(constant.dtype));
        }

        long[] sizes = trace.ShapeOf(slot)!;
        bool[] varies = new bool[sizes.Length];
        foreach (RunTrace other in others)
        {
            long[] seen = other.ShapeOf(slot)!;
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                varies[axis] |= seen.Length != sizes.Length || seen[axis] != sizes[axis];
            }
        }

        return new ValueShape(sizes, varies, ElementTypes.InFile(trace.TypeOf(slot)!.Value));
    }
}
