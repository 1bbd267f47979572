using Microsoft.ML.AbsCam.Onnx.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Graphs;

/// <summary>What one run at import showed: the shape and type of every value.</summary>
internal sealed class RunTrace
{
    private readonly Dictionary<int, long[]> _shapes = [];
    private readonly Dictionary<int, ScalarType> _types = [];

    private RunTrace(long batch) => Batch = batch;

    public long Batch { get; }

    /// <summary>The values that the run reached.</summary>
    public IReadOnlyCollection<int> Slots => _shapes.Keys;

    /// <summary>The value's shape; null where the run did not reach it.</summary>
    public long[]? ShapeOf(int slot) => _shapes.GetValueOrDefault(slot);

    /// <summary>Whether the value holds real numbers, through which gradients flow.</summary>
    public bool IsReal(int slot) => TypeOf(slot) is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>The value's element type; null where the run did not reach it.</summary>
    public ScalarType? TypeOf(int slot) => _types.TryGetValue(slot, out ScalarType type) ? type : null;

    /// <summary>Runs the plan on made-up inputs without gradients, and gives back the wanted values too, owned by the caller.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="plan">What is run.</param>
    /// <param name="inputs">What the graph is given, by slot; rows that differ from each other show what the batch does.</param>
    /// <param name="batch">How many rows they have.</param>
    /// <param name="wanted">The slots of the values to give back; null for one that the run did not reach.</param>
    /// <param name="budget">What the run is counted on.</param>
    /// <param name="before">Called before each step.</param>
    public static (RunTrace Trace, Tensor?[] Wanted) Record(
        OnnxGraph graph, ExecutionPlan plan, IReadOnlyDictionary<int, Tensor> inputs, long batch, IReadOnlyList<int> wanted, ImportBudget budget, Action<GraphStep, RunTrace>? before = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        RunTrace trace = new(batch);
        Tensor?[] values = graph.NewValues();
        foreach ((int slot, Tensor given) in inputs)
        {
            values[slot] = given;
            trace.Note(slot, given);
        }

        plan.Run(
            values,
            step => before?.Invoke(step, trace),
            step =>
            {
                foreach (int slot in step.Writes)
                {
                    trace.Note(slot, values[slot]!);
                }
            },
            budget);
        Tensor?[] results = [.. wanted.Select(slot => values[slot]?.clone())];
        scope.MoveToOuter(results.OfType<IDisposable>().ToArray());
        return (trace, results);
    }

    private void Note(int slot, Tensor value)
    {
        _shapes[slot] = value.shape;
        _types[slot] = value.dtype;
    }
}
