using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Computes a node's outputs. It changes no input in place and keeps nothing.</summary>
internal delegate Tensor?[] Kernel(KernelInputs inputs);

/// <summary>The inputs of one node in one run.</summary>
internal readonly struct KernelInputs(OnnxNode node, Tensor?[] values)
{
    public int Count => values.Length;

    public Tensor this[int index] => Optional(index) ?? throw node.Error($"its input {index} is missing.");

    public Tensor? Optional(int index) => index < values.Length ? values[index] : null;

    /// <summary>An input that holds whole numbers: a shape, axes, sizes.</summary>
    public long[] Ints(int index) => node.ConstantInts(index) ?? HostValues.Ints(this[index]);

    public long[]? OptionalInts(int index) => Optional(index) is null ? null : Ints(index);

    public double Scalar(int index)
    {
        double[] numbers = node.ConstantScalar(index) is double known ? [known] : HostValues.Doubles(this[index]);
        return numbers.Length == 1 ? numbers[0] : throw node.Error($"its input {index} has {numbers.Length} numbers; expected one.");
    }

    /// <summary>All inputs, for operators that take any number of them.</summary>
    public Tensor[] All()
    {
        Tensor[] all = new Tensor[values.Length];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = this[i];
        }

        return all;
    }
}
