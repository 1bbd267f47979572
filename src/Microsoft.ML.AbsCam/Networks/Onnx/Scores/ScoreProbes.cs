using Microsoft.ML.AbsCam.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>
/// Values of a network for made-up images that are unlike each other: fine and coarse patterns, dim, ordinary and glaring. What
/// holds for all of them is no chance of one image, and no number is at the end of its range for all.
/// </summary>
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
            (_, Tensor?[] values) = RunTrace.Record(graph, plan, image, probe, slots, budget);
            for (int i = 0; i < values.Length; i++)
            {
                rows[i].Add(Onnx.Tensors.HostValues.Doubles(values[i]!));
            }
        }

        return [.. rows.Select(values => new ScoreRows([.. values]))];
    }

    private IEnumerable<Tensor> Images()
    {
        Tensor fine = RunTrace.Images(image, 3);
        double height = image.Levels is { Most: > 1 } ? 60 : 1;
        Tensor coarse = HeldOperations.CountTo(fine.shape[1] * fine.shape[2] * fine.shape[3], ScalarType.Float32).mul(HeldScalar.Of(2 / (double)fine.shape[3])).sin().mul(HeldScalar.Of(height)).reshape([1, .. fine.shape[1..]]);
        (Tensor Pattern, double Contrast)[] probes = [(fine.narrow(0, 0, 1), 1), (coarse, 3), (fine.narrow(0, 1, 1), 0.05), (coarse.neg(), 1), (fine.narrow(0, 2, 1), 30)];
        foreach ((Tensor pattern, double contrast) in probes)
        {
            Tensor probe = pattern.mul(HeldScalar.Of(contrast));
            yield return image.Levels is not { Most: > 1 } levels ? probe : probe.abs().clamp(HeldScalar.Of(0), HeldScalar.Of((double)levels.Most));
        }
    }
}
