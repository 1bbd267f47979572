using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Paths;

/// <summary>Which values everything passes through on its way from the image to the class scores. Reading a shape is no way.</summary>
internal sealed class PathCounts
{
    // Paths multiply at every branch and soon exceed any integer; counted modulo a prime, equality still tells.
    private const ulong Prime = (1UL << 61) - 1;

    private readonly Dictionary<int, ulong> _from = [];
    private readonly Dictionary<int, ulong> _to = [];
    private readonly ulong _all;

    public PathCounts(IReadOnlyList<GraphStep> steps, int start, int end)
    {
        _from[start] = 1;
        foreach (GraphStep step in steps.Where(CarriesNumbers))
        {
            ulong arriving = step.Reads.Aggregate(0UL, (sum, slot) => (sum + _from.GetValueOrDefault(slot)) % Prime);
            foreach (int output in step.Writes)
            {
                _from[output] = arriving;
            }
        }

        _to[end] = 1;
        foreach (GraphStep step in steps.Reverse().Where(CarriesNumbers))
        {
            ulong leaving = step.Writes.Aggregate(0UL, (sum, slot) => (sum + _to.GetValueOrDefault(slot)) % Prime);
            foreach (int input in step.Reads)
            {
                _to[input] = (_to.GetValueOrDefault(input) + leaving) % Prime;
            }
        }

        _all = _from.GetValueOrDefault(end);
    }

    /// <summary>Whether every path leads through the value.</summary>
    public bool AllPass(int slot) =>
        _all != 0 && (ulong)((UInt128)_from.GetValueOrDefault(slot) * _to.GetValueOrDefault(slot) % Prime) == _all;

    /// <summary>Whether numbers of the image reach the value.</summary>
    public bool IsOfImage(int slot) => _from.GetValueOrDefault(slot) != 0;

    private static bool CarriesNumbers(GraphStep step) => !step.Definition.Is(OperatorTraits.ReadsShapeOnly);
}
