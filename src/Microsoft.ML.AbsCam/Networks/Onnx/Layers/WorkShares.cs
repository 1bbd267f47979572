using Microsoft.ML.AbsCam.Networks.Onnx.Paths;
using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>How much of a network's work each value takes. Multiplications of convolutions and matrix products count; the rest is small beside them.</summary>
internal sealed class WorkShares
{
    private readonly IReadOnlyList<GraphStep> _steps;
    private readonly PathCounts _paths;
    private readonly Dictionary<int, int> _maker = [];
    private readonly double[] _work;
    private readonly double[] _before;
    private readonly double _ofVectors;

    /// <param name="graph">The network.</param>
    /// <param name="steps">What leads to the scores.</param>
    /// <param name="trace">A run, for shapes.</param>
    /// <param name="paths">Which values everything passes through.</param>
    public WorkShares(OnnxGraph graph, IReadOnlyList<GraphStep> steps, RunTrace trace, PathCounts paths)
    {
        (_steps, _paths) = (steps, paths);
        _work = new double[steps.Count];
        _before = new double[steps.Count + 1];
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (int slot in steps[i].Writes)
            {
                _maker[slot] = i;
            }

            long[] output = trace.ShapeOf(steps[i].OutputSlots[0]) ?? [];
            long[] ShapeOf(int slot) => slot == GraphStep.Absent ? []
                : graph.Constants.TryGetValue(slot, out TorchSharp.torch.Tensor? constant) ? constant.shape
                : trace.ShapeOf(slot) ?? [];
            _work[i] = steps[i].Definition.Work(steps[i].Node, [.. steps[i].InputSlots.Select(ShapeOf)], output);
            _before[i + 1] = _before[i] + _work[i];
            _ofVectors += output.Skip(1).Count(size => size > 1) <= 1 ? _work[i] : 0;
        }
    }

    /// <summary>The share, 0 to 1, of what the value itself and all before it take; null where nothing counts.</summary>
    public double? Until(int slot) => _before[^1] > 0 ? Math.Min(1, Sum(slot) / _before[^1]) : null;

    /// <summary>
    /// As <see cref="Until"/>, with what is spent on one vector an image left out: a classifier behind the maps may be larger than they
    /// are, but it does not look at places any more. Nor does what makes maps of classes count, which is a classifier too. Null where nothing counts.
    /// </summary>
    /// <param name="slot">The value.</param>
    /// <param name="classMaps">The values that hold one channel a class.</param>
    public double? OfPlacesUntil(int slot, IEnumerable<int> classMaps)
    {
        double classifiers = _ofVectors + classMaps.Select(map => _maker[map]).Distinct().Sum(step => _work[step]);
        return _before[^1] - classifiers > 0 ? Math.Min(1, Sum(slot) / (_before[^1] - classifiers)) : null;
    }

    // Back to the last value that everything passes through; all steps before that one lead to it.
    private double Sum(int slot)
    {
        double sum = 0;
        double whole = 0;
        HashSet<int> seen = [];
        Stack<int> open = new([slot]);
        while (open.TryPop(out int next))
        {
            if (!_maker.TryGetValue(next, out int step) || !seen.Add(step))
            {
                continue;
            }

            if (_paths.AllPass(next))
            {
                whole = Math.Max(whole, _before[step + 1]);
                continue;
            }

            sum += _work[step];
            foreach (int read in _steps[step].Reads)
            {
                open.Push(read);
            }
        }

        return sum + whole;
    }
}
