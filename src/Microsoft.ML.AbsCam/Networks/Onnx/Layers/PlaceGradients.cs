using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>
/// Finds out, by a gradient of the scores, of which values the places still count. Behind the last attention of a network with a class token,
/// only that token goes on: its places have values there, and no gradient. A maximum over the places has a gradient at one of them alone, and at another one
/// where the numbers are others: so a value that few places count of is looked at with other numbers before it is said to have none.
/// </summary>
internal sealed class PlaceGradients(OnnxGraph graph, int input, ImageInput image, ScoreOutput scores, RunTrace trace)
{
    /// <summary>With a gradient at fewer of its places than this share, a value is no picture of what counts.</summary>
    private const double Least = 0.5;

    private const int MostRounds = 8;

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
            Dictionary<int, Tensor> counting = [];
            double before = 0;
            for (int round = 0; round < MostRounds; round++)
            {
                foreach ((int slot, Tensor places) in Counting(maps, values, round))
                {
                    counting[slot] = counting.TryGetValue(slot, out Tensor? known) ? known.maximum(places) : places;
                }

                double[] few = [.. counting.Values.Select(Share).Where(share => share is > 0 and < Least)];
                if (few.Length == 0 || (round > 1 && few.Sum() <= before))
                {
                    break;
                }

                before = few.Sum();
            }

            return [.. counting.Where(map => Share(map.Value) < Least).Select(map => map.Key)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The import tells of gradients that cannot be had.
            return [];
        }
    }

    // By slot: 1 where a place of a value counts in any image and channel, else 0.
    private IEnumerable<(int Slot, Tensor Places)> Counting(FeatureMap[] maps, Tensor?[] made, int round)
    {
        Tensor?[] values = [.. made];
        FeatureMap start = maps[0];
        using IDisposable grad = enable_grad();
        values[start.Slot] = Others(values[start.Slot]!.detach(), round).requires_grad_(true);
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
        return reached.Select((map, i) => (map.Slot, Places(map, gradients[i])));
    }

    // The value itself, then with more and more laid over it.
    private static Tensor Others(Tensor value, int round) => round == 0 ? value.clone()
        : value.Plus(MadeUpNumbers.Waves(value.numel()).roll(round * 101L).reshape(value.shape).mul(value.std()).mul(HeldScalar.Of(round)));

    private Tensor?[] Values(FeatureMap start)
    {
        using IDisposable noGrad = no_grad();
        Tensor?[] values = graph.NewValues();
        values[input] = image.Bring(image.MadeUp(trace.Batch));
        ExecutionPlan.For(graph, [start.Slot], [input]).Run(values);
        return values;
    }

    // What is not finite counts.
    private static Tensor Places(FeatureMap map, Tensor gradient) => map.Layout.Present(gradient).ne(HeldScalar.Of(0)).to(ScalarType.Float32).amax([0, 1]);

    private static double Share(Tensor places) => places.mean().to(ScalarType.Float64).item<double>();
}
