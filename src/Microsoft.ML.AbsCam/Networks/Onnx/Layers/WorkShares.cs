namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>How much of a network's work each value takes. Multiplications of convolutions and matrix products count; the rest is small beside them.</summary>
internal sealed class WorkShares
{
    private readonly Dictionary<int, GraphStep> _maker = [];
    private readonly Dictionary<GraphStep, double> _work = [];
    private readonly double _all;

    public WorkShares(OnnxGraph graph, IReadOnlyList<GraphStep> steps, RunTrace trace)
    {
        foreach (GraphStep step in steps)
        {
            foreach (int slot in step.Writes)
            {
                _maker[slot] = step;
            }

            _work[step] = Multiplications(graph, step, trace);
        }

        _all = _work.Values.Sum();
    }

    /// <summary>The share, 0 to 1, of what the value itself and all before it take; null where nothing counts.</summary>
    public double? Until(int slot)
    {
        HashSet<GraphStep> seen = [];
        Stack<int> open = new([slot]);
        while (open.TryPop(out int next))
        {
            if (_maker.TryGetValue(next, out GraphStep? step) && seen.Add(step))
            {
                foreach (int read in step.Reads)
                {
                    open.Push(read);
                }
            }
        }

        return _all > 0 ? seen.Sum(step => _work[step]) / _all : null;
    }

    private static double Multiplications(OnnxGraph graph, GraphStep step, RunTrace trace)
    {
        long[] Shape(int index) => graph.Constants.TryGetValue(step.InputSlots[index], out TorchSharp.torch.Tensor? constant)
            ? constant.shape
            : trace.ShapeOf(step.InputSlots[index]) ?? [];
        double made = Count(trace.ShapeOf(step.OutputSlots[0]) ?? []);
        return step.Node.Operator switch
        {
            "Conv" => made * Count(Shape(1).Skip(1)),
            "ConvTranspose" => Count(Shape(0)) * Count(Shape(1).Skip(1)),
            "MatMul" => made * Shape(0).LastOrDefault(1),
            "Gemm" => made * Shape(0)[step.Node.Attributes.Flag("transA") ? 0 : 1],
            _ => 0,
        };
    }

    private static double Count(IEnumerable<long> shape) => shape.Aggregate(1.0, (product, size) => product * size);
}
