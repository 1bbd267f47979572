using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>One forward pass, from whose layer on gradients can be had.</summary>
/// <param name="activation">The layer's own output [B,C,h,w].</param>
/// <param name="logits">The network's scores [B,scores]; <see cref="ImageNetwork.ScoreEvidence"/> says what they are.</param>
/// <param name="gradients">From the scores asked for [T][B] to their gradients [B,C,h,w].</param>
/// <param name="ofOutputs">From a function of the outputs, one number a target and row [B,T], to its gradients; null where only single scores can be asked for.</param>
/// <param name="curvatures">From the same to its gradients and the products of its Hessian and the activation; null where they cannot be asked for.</param>
internal sealed class LayerPass(
    Tensor activation, Tensor logits, Func<IReadOnlyList<long[]>, Tensor[]> gradients, Func<Func<Tensor, Tensor>, Tensor[]>? ofOutputs = null, Func<Func<Tensor, Tensor>, Tensor[]>? curvatures = null)
{
    /// <summary>The layer's own output [B,C,h,w], before anything that works in place on it.</summary>
    public Tensor Activation => activation;

    /// <summary>The network's scores [B,scores]: logits, unless <see cref="ImageNetwork.ScoreEvidence"/> says otherwise.</summary>
    public Tensor Logits => logits;

    /// <summary>The gradient of one score a row, [B,C,h,w]; see <see cref="ImageNetwork.Gradients(LayerPass, IReadOnlyList{long[]})"/>.</summary>
    public Tensor[] Gradients(IReadOnlyList<long[]> classes) => gradients(classes);

    /// <summary>The gradient of any function of the outputs, [B,C,h,w] a target; see <see cref="ImageNetwork.Gradients(LayerPass, Func{Tensor, Tensor})"/>.</summary>
    public Tensor[] Gradients(Func<Tensor, Tensor> asked) => (ofOutputs ?? throw OfSingleScores())(asked);

    /// <summary>The gradient of any function of the outputs and, for the targets once more, the products of its Hessian and the activation; see <see cref="ImageNetwork.Curvatures"/>.</summary>
    public Tensor[] Curvatures(Func<Tensor, Tensor> asked) => (curvatures ?? throw OfSingleScores())(asked);

    /// <summary>A pass whose outputs are connected to the layer.</summary>
    /// <param name="activation">The layer's output [B,C,h,w]: a leaf that requires a gradient, or its like.</param>
    /// <param name="leaf">The leaf itself.</param>
    /// <param name="outputs">The outputs [B,outputs], computed from the leaf.</param>
    /// <param name="layer">The layer's name, for messages.</param>
    public static LayerPass Connected(Tensor activation, Tensor leaf, Tensor outputs, string layer) => new(
        activation,
        outputs,
        classes => LayerGradients.OfAll(outputs, classes, leaf, layer),
        asked => LayerGradients.OfFunction(outputs, asked, leaf, layer),
        asked => LayerGradients.WithCurvatures(outputs, asked, leaf, layer));

    private static InvalidOperationException OfSingleScores() => new("The pass was not made for functions of the outputs.");
}
