using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>Values of a network for <see cref="MadeUpImages"/>.</summary>
internal sealed class ScoreProbes(OnnxGraph graph, ImageInput image, ImportBudget budget)
{
    /// <summary>The slot of the image.</summary>
    public int Input => graph.SlotOf(image.Name);

    /// <summary>The values in the slots, as one row an image.</summary>
    /// <param name="slots">Where the values are.</param>
    /// <exception cref="NetworkLoadException">The network cannot be run on one of the images.</exception>
    public ScoreRows[] Run(IReadOnlyList<int> slots)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        ExecutionPlan plan = ExecutionPlan.For(graph, [.. slots.Distinct()], [Input]);
        List<double[]>[] rows = [.. slots.Select(_ => new List<double[]>())];
        foreach (Tensor probe in Images())
        {
            (_, Tensor?[] values) = image.Trace(graph, plan, probe, slots, budget);
            for (int i = 0; i < values.Length; i++)
            {
                rows[i].Add(HostValues.Doubles(values[i]!));
            }
        }

        return [.. rows.Select(values => new ScoreRows([.. values]))];
    }

    // Of whole numbers few lie between -1 and 1.
    private IReadOnlyList<Tensor> Images() => image.Levels is { Most: > 1 } levels
        ? MadeUpImages.OfLevels(image.Shape[0], image.Shape[1], image.Shape[2], levels.Most)
        : MadeUpImages.Of(image.Shape[0], image.Shape[1], image.Shape[2]);
}
