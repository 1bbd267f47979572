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
    /// <summary>How many levels a made-up number of 1 is, where the network takes whole numbers.</summary>
    private const double LevelsOfOne = 127;

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

    private IEnumerable<Tensor> Images()
    {
        foreach (Tensor probe in MadeUpImages.Of(image.Shape[0], image.Shape[1], image.Shape[2]))
        {
            // Whole numbers have no sign to lose where they are levels of light, and few of them lie between -1 and 1.
            yield return image.Levels is not { Most: > 1 } levels ? probe : probe.abs().mul(HeldScalar.Of(LevelsOfOne)).clamp(HeldScalar.Of(0), HeldScalar.Of(levels.Most));
        }
    }
}
