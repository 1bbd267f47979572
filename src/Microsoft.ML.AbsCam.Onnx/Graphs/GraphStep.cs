using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Graphs;

/// <summary>One node bound to the slots that it reads and writes.</summary>
internal sealed class GraphStep(OnnxNode node, Kernel kernel, NodeSizes sizes, int[] inputSlots, int[] outputSlots)
{
    /// <summary>The slot of an optional input or output that is left out.</summary>
    public const int Absent = -1;

    public OnnxNode Node => node;

    /// <summary>What is told of the node's operator.</summary>
    public OperatorDefinition Definition { get; } = OperatorRegistry.Find(node.Operator)!;

    public int[] InputSlots => inputSlots;

    public int[] OutputSlots => outputSlots;

    /// <summary>The slots that it reads, each once, without those left out.</summary>
    public IEnumerable<int> Reads => inputSlots.Where(slot => slot != Absent).Distinct();

    /// <summary>The slots that it writes, without those left out.</summary>
    public IEnumerable<int> Writes => outputSlots.Where(slot => slot != Absent);

    /// <summary>Computes the outputs into their slots, owned by the current dispose scope; whatever else came up on the way is freed.</summary>
    /// <param name="values">One run's values, by slot.</param>
    /// <param name="budget">At import, what the run is counted on; later null.</param>
    public void Run(Tensor?[] values, ImportBudget? budget = null)
    {
        Tensor?[] inputs = new Tensor?[inputSlots.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = inputSlots[i] == Absent ? null : values[inputSlots[i]];
        }

        Tensor?[] made = Compute(inputs, budget);
        for (int i = 0; i < outputSlots.Length; i++)
        {
            if (outputSlots[i] != Absent)
            {
                values[outputSlots[i]] = made[i];
            }
        }
    }

    /// <summary>The outputs of the inputs, owned by the current dispose scope; null where nothing reads one.</summary>
    public Tensor?[] Compute(Tensor?[] inputs, ImportBudget? budget = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor?[] outputs;
        try
        {
            var given = new KernelInputs(node, inputs);
            sizes.Check(given, budget);
            outputs = kernel(given);
        }
        catch (Exception e) when (e is not (NetworkLoadException or OutOfMemoryException))
        {
            string shapes = string.Join(", ", inputs.Select(input => input is null ? "none" : TensorSizes.Text(input.shape)));
            throw node.Error($"it failed on inputs of the shapes {shapes}: {FirstLine(e.Message)} The network does not fit together at the size of this input; check the input size, or export the model again.", e);
        }

        Tensor?[] made = new Tensor?[outputSlots.Length];
        for (int i = 0; i < outputSlots.Length; i++)
        {
            if (outputSlots[i] == Absent)
            {
                continue;
            }

            Tensor output = i < outputs.Length && outputs[i] is Tensor computed
                ? computed
                : throw node.Error($"its output {i} ('{node.Outputs[i]}') is not supported; only the first {outputs.Length} can be used.");

            // Each slot has a handle of its own, so that one can be freed while another is still in use.
            // Tensors are equal where their numbers are, so references are compared.
            bool shared = inputs.Any(input => ReferenceEquals(input, output)) || outputs.Take(i).Any(other => ReferenceEquals(other, output));
            made[i] = scope.MoveToOuter(shared ? output.alias() : output);
        }

        return made;
    }

    private static string FirstLine(string message)
    {
        string line = message.Split('\n')[0].Trim();
        return line.EndsWith('.') ? line : line + ".";
    }
}
