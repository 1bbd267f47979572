using Microsoft.ML.AbsCam.Onnx.Nodes;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Graphs;

/// <summary>The steps that lead from some values to others, and when each value between them is no longer needed.</summary>
internal sealed class ExecutionPlan
{
    private readonly GraphStep[] _steps;
    private readonly int[][] _release;

    private ExecutionPlan(GraphStep[] steps, int[][] release)
    {
        _steps = steps;
        _release = release;
    }

    public IReadOnlyList<GraphStep> Steps => _steps;

    /// <summary>Plans the least work for <paramref name="wanted"/>; <paramref name="given"/> values are neither computed nor freed.</summary>
    public static ExecutionPlan For(OnnxGraph graph, IReadOnlyCollection<int> wanted, IReadOnlyCollection<int> given)
    {
        HashSet<int> available = [.. given, .. graph.Constants.Keys];
        HashSet<int> needed = [.. wanted];
        needed.ExceptWith(available);
        List<GraphStep> steps = [];
        foreach (GraphStep step in graph.Steps.Reverse())
        {
            if (!step.OutputSlots.Any(needed.Contains))
            {
                continue;
            }

            steps.Add(step);
            needed.UnionWith(step.Reads.Where(slot => !available.Contains(slot)));
        }

        steps.Reverse();
        available.UnionWith(wanted);
        return new ExecutionPlan([.. steps], Releases(steps, available));
    }

    /// <summary>Runs the steps on one run's values; what they leave is owned by the current dispose scope.</summary>
    /// <param name="values">By slot; the given values are in place.</param>
    /// <param name="before">Called before each step, while its inputs are alive.</param>
    /// <param name="after">Called after each step, while its outputs are alive.</param>
    /// <param name="budget">At import, what the run is counted on; later null.</param>
    public void Run(Tensor?[] values, Action<GraphStep>? before = null, Action<GraphStep>? after = null, ImportBudget? budget = null)
    {
        for (int i = 0; i < _steps.Length; i++)
        {
            before?.Invoke(_steps[i]);
            _steps[i].Run(values, budget);
            after?.Invoke(_steps[i]);
            foreach (int slot in _release[i])
            {
                values[slot]?.Dispose();
                values[slot] = null;
            }
        }
    }

    private static int[][] Releases(List<GraphStep> steps, HashSet<int> kept)
    {
        int[][] releases = new int[steps.Count][];
        HashSet<int> seen = [.. kept];
        for (int i = steps.Count - 1; i >= 0; i--)
        {
            // Read for the last time here, or made here and never read.
            releases[i] = [.. steps[i].Reads.Concat(steps[i].Writes).Where(seen.Add)];
        }

        return releases;
    }
}
