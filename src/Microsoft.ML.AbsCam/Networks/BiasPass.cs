using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One pass through a network, with what its score is the sum of where it is straight between kinks: the image and the biases of all nodes, each times the gradient there.</summary>
/// <param name="outputs">The network's outputs [B,outputs].</param>
/// <param name="runs">Where gradients are taken, and what each is multiplied by, of all images together or of one image a run.</param>
/// <param name="present">Of each part, from a tensor of its shape to [B,C,h,w]; null where there are no places.</param>
internal sealed class BiasPass(Tensor outputs, IReadOnlyList<BiasRun> runs, IReadOnlyList<Func<Tensor, Tensor>?> present)
{
    // Of what the parts are together: float32, and kinks that a number lies on.
    private const double Tolerance = 1e-3;

    public Tensor Outputs => outputs;

    private long RowsOfRun => outputs.shape[0] / runs.Count;

    /// <summary>The image and the biases, each times the gradient [T][parts], the parts of one run after those of another.</summary>
    /// <param name="asked">From the outputs [B,outputs] to [B,T], differentiable.</param>
    public Tensor[][] Parts(Func<Tensor, Tensor> asked)
        => [.. LayerGradients.AtAll(outputs, asked, [.. runs.SelectMany(run => run.Values)])
            .Select(gradients => gradients.Zip(runs.SelectMany(run => run.Constants), (gradient, constant) => gradient * constant).ToArray())];

    /// <summary>Those of the parts that have places, as [B,C,h,w].</summary>
    public IEnumerable<Tensor> Placed(Tensor[] parts) => ByKind(parts).Zip(present).Where(pair => pair.Second is not null).Select(pair => cat([.. pair.First.Select(pair.Second!)]).to(ScalarType.Float32));

    /// <summary>Whether the parts fail to add up to the number [B].</summary>
    /// <param name="number">[B].</param>
    /// <param name="parts">As <see cref="Parts"/> gives them.</param>
    public Tensor IsIncomplete(Tensor number, Tensor[] parts)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor sums = stack(ByKind(parts).Select(kind => cat([.. kind.Select(part => part.to(ScalarType.Float32).reshape(RowsOfRun, -1).sum(1))])), 1);

        // NaN is incomplete too.
        return (sums.sum(1).sub(number).abs() <= sums.abs().sum(1).mul(HeldScalar.Of(Tolerance))).logical_not().MoveToOuterDisposeScope();
    }

    /// <summary>The same of one number a row [B,1] that a function makes of the outputs.</summary>
    public Tensor MissingOf(Func<Tensor, Tensor> asked)
    {
        using DisposeScope scope = NewDisposeScope();
        return IsIncomplete(asked(outputs.detach()).squeeze(1), Parts(asked)[0]).MoveToOuterDisposeScope();
    }

    // The image's parts of all runs, then those of the first bias, and so on.
    private IEnumerable<Tensor[]> ByKind(Tensor[] parts)
    {
        int each = parts.Length / runs.Count;
        return Enumerable.Range(0, each).Select(kind => parts.Where((_, at) => at % each == kind).ToArray());
    }
}

/// <summary>One run of a pass.</summary>
/// <param name="Values">Where gradients are taken: the image, and the output of each node with a bias.</param>
/// <param name="Constants">What each gradient is multiplied by: the image itself, and the biases.</param>
internal sealed record BiasRun(IReadOnlyList<Tensor> Values, IReadOnlyList<Tensor> Constants);
