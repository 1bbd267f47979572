using Microsoft.ML.AbsCam.Onnx.Graphs;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>
/// Tells sums and means that are written as products from layers with weights: one over the number of places, again and again, is
/// nothing that a network has learnt.
/// </summary>
internal static class EvenWeights
{
    /// <summary>Whether all that the step weighs its input with is one and the same number.</summary>
    public static bool Has(OnnxGraph graph, GraphStep step)
    {
        Tensor? weights = step.Definition.Learnt.Weights
            .Where(input => input < step.InputSlots.Length)
            .Select(input => graph.Constants.GetValueOrDefault(step.InputSlots[input]))
            .FirstOrDefault(constant => constant is not null);
        if (weights is null || weights.numel() < 2)
        {
            return false;
        }

        // Nearly all weights differ in their first two numbers, and those of large layers need not be read any further.
        using var scope = NewDisposeScope();
        Tensor line = weights.reshape(-1);
        return AreEven(line.narrow(0, 0, 2)) && AreEven(line);
    }

    private static bool AreEven(Tensor line)
    {
        double least = line.min().to(ScalarType.Float64).item<double>();
        return least != 0 && least.Equals(line.max().to(ScalarType.Float64).item<double>());
    }
}
