using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Paths;

/// <summary>Who reads a value, who makes it, and in which order.</summary>
internal sealed class GraphReaders
{
    private readonly Dictionary<int, List<GraphStep>> _readers = [];
    private readonly Dictionary<int, (GraphStep Step, int Index)> _makers = [];
    private readonly GraphStep?[] _nextWhole;

    public GraphReaders(IReadOnlyList<GraphStep> steps, PathCounts paths)
    {
        _nextWhole = new GraphStep?[steps.Count + 1];
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            _nextWhole[i] = steps[i].Writes.Any(paths.AllPass) ? steps[i] : _nextWhole[i + 1];
            foreach (int slot in steps[i].Writes)
            {
                _makers[slot] = (steps[i], i);
            }
        }

        foreach (GraphStep step in steps)
        {
            foreach (int slot in step.Reads)
            {
                if (!_readers.TryGetValue(slot, out List<GraphStep>? readers))
                {
                    _readers[slot] = readers = [];
                }

                readers.Add(step);
            }
        }
    }

    /// <summary>What reads the value, in the order of computation.</summary>
    public IReadOnlyList<GraphStep> Of(int slot) => _readers.GetValueOrDefault(slot) ?? [];

    /// <summary>What makes the value; null for inputs and constants.</summary>
    public GraphStep? Maker(int slot) => _makers.TryGetValue(slot, out (GraphStep Step, int Index) maker) ? maker.Step : null;

    /// <summary>The place of the value's maker among the steps.</summary>
    public int IndexOf(int slot) => _makers[slot].Index;

    /// <summary>The first step behind the value whose output everything passes through.</summary>
    public GraphStep? NextWhole(int slot) => _nextWhole[IndexOf(slot) + 1];
}
