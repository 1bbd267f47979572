using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>
/// Finds out, by a gradient of the scores, of which values the places still count. Behind the last attention of a network with a class token,
/// only that token goes on: its places have values there, and no gradient.
/// </summary>
internal sealed class PlaceGradients(OnnxGraph graph, int input, ImageInput image, ScoreOutput scores, RunTrace trace)
{
    /// <summary>With a gradient at fewer of its places than this share, a value is no picture of what counts.</summary>
    private const double Least = 0.5;

    /// <summary>The values of which too few places count. A value of which that cannot be told is not among them.</summary>
    /// <param name="start">A value that everything passes through.</param>
    /// <param name="behind">Values that are made of it.</param>
    public HashSet<int> Without(FeatureMap start, IEnumerable<FeatureMap> behind)
    {
        using DisposeScope scope = NewDisposeScope();
        try
        {
            FeatureMap[] maps = [start, .. behind];
            Tensor?[] values = Values(start);
            using IDisposable grad = enable_grad();
            values[start.Slot] = values[start.Slot]!.detach().clone().requires_grad_(true);
            ExecutionPlan.For(graph, [scores.Slot, .. maps.Select(map => map.Slot)], [input, start.Slot]).Run(values);
            FeatureMap[] reached = [.. maps.Where(map => values[map.Slot]!.requires_grad)];
            if (!values[scores.Slot]!.requires_grad)
            {
                return [];
            }

            // What the scores do not read has to be part of the sum, or it would have no gradient at all, not even zeros.
            Tensor sum = values[scores.Slot]!.mul(MadeUpNumbers.Waves(values[scores.Slot]!.shape)).sum();
            foreach (FeatureMap map in reached)
            {
                sum = sum.Plus(values[map.Slot]!.sum().mul(HeldScalar.Of(0.0)));
            }

            IList<Tensor> gradients = autograd.grad([sum], [.. reached.Select(map => values[map.Slot]!)]);
            return [.. reached.Where((map, i) => Share(map, gradients[i]) < Least).Select(map => map.Slot)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The import tells of gradients that cannot be had.
            return [];
        }
    }

    private Tensor?[] Values(FeatureMap start)
    {
        using IDisposable noGrad = no_grad();
        Tensor?[] values = graph.NewValues();
        values[input] = image.Bring(image.MadeUp(trace.Batch));
        ExecutionPlan.For(graph, [start.Slot], [input]).Run(values);
        return values;
    }

    // Of the places, in any image and channel; what is not finite counts.
    private static double Share(FeatureMap map, Tensor gradient)
    {
        Tensor counts = map.Layout.Present(gradient).ne(HeldScalar.Of(0)).to(ScalarType.Float32).amax([0, 1]);
        return counts.mean().to(ScalarType.Float64).item<double>();
    }
}
