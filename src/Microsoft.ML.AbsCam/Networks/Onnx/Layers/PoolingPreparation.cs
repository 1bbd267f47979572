using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Paths;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>
/// Finds out, by running parts of the network, whether a map is one of features or only prepares the pooling behind it: the powers of a
/// generalised mean, or a map multiplied with the weights of an attention pool.
/// </summary>
/// <remarks>
/// A mean of any kind gives back what a map holds that is the same everywhere. So where some value behind the pooling gives c for the map
/// before, filled with c, and does not for this one, what lies between the two belongs to the mean.
/// </remarks>
internal sealed class PoolingPreparation(OnnxGraph graph, IReadOnlyList<GraphStep> steps, int input, ImageInput image, RunTrace trace, PathCounts paths, GraphReaders readers)
{
    private const double Tolerance = 1e-4;
    private static readonly double[] Levels = [0.3, 0.8, 1.7];

    /// <summary>The map before, where this one belongs to the pooling; null where it does not.</summary>
    /// <param name="map">The last map before the places are gone.</param>
    /// <param name="before">The maps before it that everything passes through, the last first.</param>
    public FeatureMap? Before(FeatureMap map, IEnumerable<FeatureMap> before)
    {
        int[] behind = Behind(map);
        if (behind.Length == 0)
        {
            return null;
        }

        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        FeatureMap[] near = [.. before.Take(4)];
        if (WeighsPlaces(map) && near.Length > 0)
        {
            return near[0];
        }

        bool[] own = Means(map, behind);
        if (own.All(isMean => isMean))
        {
            return null;
        }

        foreach (FeatureMap earlier in near)
        {
            bool[] whole = Means(earlier, behind);
            if (whole.Where((isMean, i) => isMean && !own[i]).Any())
            {
                return Uncut(earlier) ?? earlier;
            }
        }

        return null;
    }

    // What everything passes through behind the map, until weights come.
    private int[] Behind(FeatureMap map)
    {
        List<int> found = [];
        foreach (GraphStep step in steps.Skip(readers.IndexOf(map.Slot) + 1))
        {
            if (map.Tokens is not null && found.Count == 0 && step.Definition.Weighs && !EvenWeights.Has(graph, step))
            {
                // Blocks of tokens follow, and no pooling.
                break;
            }

            if (step.Definition.Weighs && !EvenWeights.Has(graph, step) && step.Writes.Any(paths.AllPass))
            {
                break;
            }

            found.AddRange(step.Writes.Where(slot => paths.AllPass(slot) && trace.IsReal(slot) && IsPooled(slot, map)));
            if (found.Count >= 12)
            {
                break;
            }
        }

        return [.. found];
    }

    private bool IsPooled(int slot, FeatureMap map) => TensorCount(slot) == trace.Batch * map.Channels;

    private long TensorCount(int slot) => trace.ShapeOf(slot)!.Aggregate(1L, (product, size) => product * size);

    // For each value behind: whether it is c everywhere where the map is c everywhere.
    private bool[] Means(FeatureMap map, int[] behind)
    {
        bool[] means = [.. behind.Select(_ => true)];
        foreach (double level in Levels)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor?[] values = graph.NewValues();
            values[input] = image.Bring(image.MadeUp(trace.Batch));
            values[map.Slot] = full(trace.ShapeOf(map.Slot)!, HeldScalar.Of(level), trace.TypeOf(map.Slot)!.Value);
            ExecutionPlan.For(graph, behind, [input, map.Slot]).Run(values);
            for (int i = 0; i < behind.Length; i++)
            {
                means[i] &= values[behind[i]]!.allclose(full_like(values[behind[i]]!, HeldScalar.Of(level)), Tolerance, Tolerance);
            }
        }

        return means;
    }

    // Whether the map is a product of another with numbers that sum up to 1 over all places.
    private bool WeighsPlaces(FeatureMap map)
    {
        if (map.Step.Node.Operator != "Mul")
        {
            return false;
        }

        long[] own = trace.ShapeOf(map.Slot)!;
        foreach (int slot in map.Step.Reads.Where(slot => trace.ShapeOf(slot)?.Length == own.Length && trace.IsReal(slot)))
        {
            long[] shape = trace.ShapeOf(slot)!;
            if (map.Layout.PlaceAxes.Any(axis => shape[axis] != own[axis]) || paths.AllPass(slot))
            {
                continue;
            }

            Tensor?[] values = graph.NewValues();
            values[input] = image.Bring(image.MadeUp(trace.Batch));
            ExecutionPlan.For(graph, [slot], [input]).Run(values);
            Tensor sums = values[slot]!.sum(map.Layout.PlaceAxes);
            if (sums.allclose(ones_like(sums), Tolerance, Tolerance))
            {
                return true;
            }
        }

        return false;
    }

    // The map that this one hands on as it is, but for a clamp that keeps a power away from zero. An activation may let nothing
    // through below zero, but none lets through more than there is.
    private FeatureMap? Uncut(FeatureMap map)
    {
        if (map.Parent is not FeatureMap parent || !paths.AllPass(parent.Slot) || !map.Step.Reads.Contains(parent.Slot))
        {
            return null;
        }

        return HasFloor(map, parent) || (map.Step.Definition.Is(OperatorTraits.Pointwise) && HasSameNumbers(map, parent)) ? parent : null;
    }

    // Levels above the floor are as they were, and what is not positive becomes the same small positive number.
    private bool HasFloor(FeatureMap map, FeatureMap parent)
    {
        float[]?[] made = [.. new double[] { 0, -Levels[^1] }.Concat(Levels).Select(level => Only(map, parent, level))];
        float? floor = made[0]?[0];
        return floor > 0 && floor < Levels[0] && made.All(numbers => numbers is not null) && made[1]![0].Equals(floor.Value)
            && Levels.Zip(made.Skip(2), (level, numbers) => Math.Abs(numbers![0] - level) <= Tolerance * level).All(isSame => isSame);
    }

    // The one number of a map whose parent is that level everywhere; null where it has several.
    private float[]? Only(FeatureMap map, FeatureMap parent, double level)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor?[] values = graph.NewValues();
        values[input] = image.Bring(image.MadeUp(trace.Batch));
        values[parent.Slot] = full(trace.ShapeOf(parent.Slot)!, HeldScalar.Of(level), trace.TypeOf(parent.Slot)!.Value);
        ExecutionPlan.For(graph, [map.Slot], [input, parent.Slot]).Run(values);
        Tensor made = values[map.Slot]!.to(ScalarType.Float32);
        float[] ends = stack([made.min(), made.max()]).ToFloats();
        return ends[0].Equals(ends[1]) ? ends : null;
    }

    private bool HasSameNumbers(FeatureMap map, FeatureMap parent)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor?[] values = graph.NewValues();
        values[input] = image.Bring(image.MadeUp(trace.Batch));
        ExecutionPlan.For(graph, [map.Slot, parent.Slot], [input]).Run(values);
        Tensor from = values[parent.Slot]!;
        double greatest = from.abs().max().to(ScalarType.Float64).item<double>();
        return values[map.Slot]!.sub(from).abs().max().to(ScalarType.Float64).item<double>() <= Tolerance * greatest;
    }
}
