using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <summary>What one run at import showed: the shape of every value.</summary>
internal sealed class RunTrace
{
    private readonly Dictionary<int, long[]> _shapes = [];
    private readonly HashSet<int> _real = [];

    private RunTrace(long batch) => Batch = batch;

    public long Batch { get; }

    /// <summary>The value's shape; null where the run did not reach it.</summary>
    public long[]? ShapeOf(int slot) => _shapes.GetValueOrDefault(slot);

    /// <summary>Whether the value holds real numbers, through which gradients flow.</summary>
    public bool IsReal(int slot) => _real.Contains(slot);

    /// <summary>Runs the plan on images that differ from each other, and gives back the wanted value too, owned by the caller.</summary>
    public static (RunTrace Trace, Tensor?[] Wanted) Record(OnnxGraph graph, ExecutionPlan plan, ImageInput image, Tensor images, IReadOnlyList<int> wanted, Action<GraphStep, RunTrace>? before = null)
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
            });
        Tensor?[] results = [.. wanted.Select(slot => values[slot]?.clone())];
        scope.MoveToOuter(results.OfType<IDisposable>().ToArray());
        return (trace, results);
    }

    /// <summary>Made-up images in which no two rows are alike; they leave the process's random numbers alone.</summary>
    public static Tensor Images(ImageInput image, long batch)
    {
        long[] shape = [batch, .. image.Shape];
        return arange(shape.Aggregate((product, size) => product * size), ScalarType.Float32).mul(0.7).sin().reshape(shape);
    }

    private void Note(int slot, Tensor value)
    {
        _shapes[slot] = value.shape;
        if (value.is_floating_point())
        {
            _real.Add(slot);
        }
    }
}
