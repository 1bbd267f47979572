using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>All that is told of one ONNX operator: how it becomes tensor operations, and what it is to whoever looks at a network.</summary>
/// <param name="Name">The operator's name in the format.</param>
/// <param name="LeastInputs">Inputs that must be there.</param>
/// <param name="MostInputs">Inputs that there may be.</param>
/// <param name="Build">Reads the attributes once, at import, and gives back what runs.</param>
internal sealed record OperatorDefinition(string Name, int LeastInputs, int MostInputs, Func<OnnxNode, TensorReader, Kernel> Build)
{
    public OperatorTraits Traits { get; init; }

    /// <summary>What its output's axes mean, of what its inputs' mean; null where the image's rows and columns do not survive it.</summary>
    public AxisRule? Axes { get; init; }

    /// <summary>How far its output's places see in the image.</summary>
    public FieldRule Field { get; init; } = FieldRules.Same;

    /// <summary>The inputs that hold what a network learns.</summary>
    public LearntInputs Learnt { get; init; } = LearntInputs.None;

    /// <summary>How its gradient is written as nodes of standard operators; null where nobody has told that yet.</summary>
    public Adjoint? Adjoint { get; init; }

    /// <summary>Multiplications of one run, of the inputs' shapes and the output's; nothing where they are small beside those of sums with weights.</summary>
    public Func<OnnxNode, long[][], long[], double> Work { get; init; } = (_, _, _) => 0;

    /// <summary>
    /// The shape of the largest value that a node makes on its way, told from its inputs before it runs; null where that is never
    /// larger than they are, or only looks at one of them.
    /// </summary>
    public Func<OnnxNode, Func<KernelInputs, long[]?>>? Bound { get; init; }

    /// <summary>What a node costs beside <see cref="Work"/> and reading and making its values, in multiply-adds (see <see cref="Cost"/>); null where that is nothing.</summary>
    public Func<OnnxNode, Func<KernelInputs, double>>? Slow { get; init; }

    /// <summary>The inputs on whose numbers the size of the output depends: weights and shapes have to settle them, and not the image.</summary>
    public int[] Settled { get; init; } = [];

    /// <summary>Whether a node's numbers lie from 0 to 1 whatever goes in, as probabilities do.</summary>
    public Func<OnnxNode, bool> GivesShares { get; init; } = _ => false;

    /// <summary>Whether it sums up products of its inputs, as layers with weights do.</summary>
    public bool Weighs => Learnt.Weights.Length > 0;

    public bool Is(OperatorTraits trait) => (Traits & trait) == trait;

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
        Of(name, 2, 2, _ => x => Together(x, compute)) with { Axes = AxisRules.Broadcast, Bound = Bounds.Spread };

    /// <summary>Says how its gradient is written.</summary>
    public OperatorDefinition With(Adjoint adjoint) => this with { Adjoint = adjoint };

    /// <summary>Says of each of a group what they have in common.</summary>
    public OperatorDefinition And(OperatorTraits traits, AxisRule? axes = null) => this with { Traits = Traits | traits, Axes = axes ?? Axes };

    private static Tensor Together(KernelInputs x, Func<Tensor, Tensor, Tensor> compute)
    {
        (Tensor left, Tensor right) = Operands.OnOneDevice(x[0], x[1]);
        return compute(left, right);
    }
}
