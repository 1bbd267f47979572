using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>
/// What one node makes and costs, told from its inputs before it runs: a damaged file can make an outer product of two long
/// vectors, double a value again and again, or slide a huge window.
/// </summary>
internal sealed class NodeSizes(OnnxNode node, OperatorDefinition definition)
{
    private readonly Func<KernelInputs, long[]?>? _bound = definition.Bound?.Invoke(node);
    private readonly Func<KernelInputs, double>? _slow = definition.Slow?.Invoke(node);

    /// <param name="inputs">The node's inputs.</param>
    /// <param name="budget">At import, what the run is counted on; later null.</param>
    /// <exception cref="NetworkLoadException">The node makes more than memory is given for, or costs more than is left.</exception>
    public void Check(KernelInputs inputs, ImportBudget? budget)
    {
        long[]? largest = _bound?.Invoke(inputs);
        if (largest is not null)
        {
            node.Checked(largest);
        }

        budget?.Spend(node, CostOf(inputs, largest));
    }

    private double CostOf(KernelInputs inputs, long[]? largest)
    {
        long[][] shapes = new long[inputs.Count][];
        double numbers = largest is null ? 0 : TensorSizes.Product(largest);
        bool whole = false;
        for (int i = 0; i < shapes.Length; i++)
        {
            Tensor? input = inputs.Optional(i);
            shapes[i] = input?.shape ?? [];
            numbers += input?.numel() ?? 0;
            whole |= i == 0 && input?.is_floating_point() == false;
        }

        double products = largest is null ? 0 : definition.Work(node, shapes, largest) * (whole ? Cost.Whole : 1);
        return Cost.Fixed + (Cost.PerNumber * numbers) + products + (_slow?.Invoke(inputs) ?? 0);
    }
}
