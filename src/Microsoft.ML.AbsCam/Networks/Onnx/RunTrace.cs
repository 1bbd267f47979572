using Microsoft.ML.AbsCam.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

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

    /// <summary>Runs the plan on images that differ from each other, and gives back the wanted value too, owned by the caller.</summary>
    public static (RunTrace Trace, Tensor?[] Wanted) Record(
        OnnxGraph graph, ExecutionPlan plan, ImageInput image, Tensor images, IReadOnlyList<int> wanted, ImportBudget budget, Action<GraphStep, RunTrace>? before = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        RunTrace trace = new(images.shape[0]);
        Tensor?[] values = graph.NewValues();
        int input = graph.SlotOf(image.Name);
        values[input] = image.Bring(images);
        trace.Note(input, values[input]!);
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

    /// <summary>Made-up images in which no two rows are alike; they leave the process's random numbers alone.</summary>
    public static Tensor Images(ImageInput image, long batch)
    {
        Tensor waves = MadeUpImages.Waves([batch, .. image.Shape]);

        // Between -1 and 1 there are three whole numbers, and images of those are alike.
        return image.Levels is not { Most: > 1 } levels ? waves
            : levels.Least < 0 ? waves.mul(HeldScalar.Of(127)) : waves.Plus(1.0).mul(HeldScalar.Of(127));
    }

    private void Note(int slot, Tensor value)
    {
        _shapes[slot] = value.shape;
        _types[slot] = value.dtype;
    }
}
