using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One pass through a network, with what its score is the sum of where it is straight between kinks: the image and the biases of all nodes, each times the gradient there.</summary>
/// <param name="outputs">The network's outputs [B,outputs].</param>
/// <param name="values">Where gradients are taken: the image, and the output of each node with a bias.</param>
/// <param name="constants">What each gradient is multiplied by: the image itself, and the biases.</param>
/// <param name="present">Of each, from a tensor of its shape to [B,C,h,w]; null where there are no places.</param>
internal sealed class BiasPass(Tensor outputs, IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> constants, IReadOnlyList<Func<Tensor, Tensor>?> present)
{
    // Of what the parts are together: float32, and kinks that a number lies on.
    private const double Tolerance = 1e-3;

    public Tensor Outputs => outputs;

    /// <summary>The image and the biases, each times the gradient [T][parts].</summary>
    /// <param name="asked">From the outputs [B,outputs] to [B,T], differentiable.</param>
    public Tensor[][] Parts(Func<Tensor, Tensor> asked)
        => [.. LayerGradients.AtAll(outputs, asked, values).Select(gradients => gradients.Zip(constants, (gradient, constant) => gradient * constant).ToArray())];

    /// <summary>Those of the parts that have places, as [B,C,h,w].</summary>
    public IEnumerable<Tensor> Placed(Tensor[] parts) => parts.Zip(present).Where(pair => pair.Second is not null).Select(pair => pair.Second!(pair.First).to(ScalarType.Float32));

    /// <summary>Whether the parts fail to add up to the number [B].</summary>
    /// <param name="number">[B].</param>
    /// <param name="parts">As <see cref="Parts"/> gives them.</param>
    public static Tensor IsIncomplete(Tensor number, Tensor[] parts)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sums = stack(parts.Select(part => part.to(ScalarType.Float32).flatten(1).sum(1)), 1);

        // NaN is incomplete too.
        return (sums.sum(1).sub(number).abs() <= sums.abs().sum(1).mul(HeldScalar.Of(Tolerance))).logical_not().MoveToOuterDisposeScope();
    }

    /// <summary>The same of one number a row [B,1] that a function makes of the outputs.</summary>
    public Tensor MissingOf(Func<Tensor, Tensor> asked)
    {
        using DisposeScope scope = NewDisposeScope();
        return IsIncomplete(asked(outputs.detach()).squeeze(1), Parts(asked)[0]).MoveToOuterDisposeScope();
    }
}
