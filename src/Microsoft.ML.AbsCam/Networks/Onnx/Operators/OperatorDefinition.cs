using Microsoft.ML.AbsCam.Networks.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Operators;

/// <summary>How one ONNX operator becomes tensor operations.</summary>
/// <param name="Name">The operator's name in the format.</param>
/// <param name="LeastInputs">Inputs that must be there.</param>
/// <param name="MostInputs">Inputs that there may be.</param>
/// <param name="Build">Reads the attributes once, at import, and gives back what runs.</param>
internal sealed record OperatorDefinition(string Name, int LeastInputs, int MostInputs, Func<OnnxNode, TensorReader, Kernel> Build)
{
    /// <summary>An operator whose one output is computed from its inputs.</summary>
    public static OperatorDefinition Of(string name, int least, int most, Func<OnnxNode, Func<KernelInputs, Tensor>> build) =>
        new(name, least, most, (node, _) =>
        {
            Func<KernelInputs, Tensor> compute = build(node);
            return inputs => [compute(inputs)];
        });

    public static OperatorDefinition Unary(string name, Func<Tensor, Tensor> compute) => Of(name, 1, 1, _ => x => compute(x[0]));

    /// <summary>An operator of one tensor with attributes.</summary>
    public static OperatorDefinition Unary(string name, Func<OnnxNode, Func<Tensor, Tensor>> build) =>
        Of(name, 1, 1, node =>
        {
            Func<Tensor, Tensor> compute = build(node);
            return x => compute(x[0]);
        });

    /// <summary>An operator of two tensors that broadcast against each other.</summary>
    public static OperatorDefinition Binary(string name, Func<Tensor, Tensor, Tensor> compute) =>
        Of(name, 2, 2, _ => x =>
        {
            (Tensor left, Tensor right) = Operands.OnOneDevice(x[0], x[1]);
            return compute(left, right);
        });
}
