using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// A method that takes the layer's maps away one by one and looks at what the score loses: relu(sum of w_k A_k). The network
/// runs from the layer on, once for all classes and for each map that is not all zero, and needs no gradient.
/// </summary>
/// <param name="name">The method's name.</param>
public abstract class AblationMethod(string name) : SaliencyMethod(name)
{
    internal sealed override MethodNeeds Needs => MethodNeeds.Activation;

    /// <summary>The weight w_k of each map.</summary>
    /// <param name="score">The class's logit y [B,1].</param>
    /// <param name="ablated">The class's logit y_k with map k set to zero [B,C]; exactly y where it is zero already.</param>
    /// <returns>The weights [B,C].</returns>
    protected internal abstract Tensor Weights(Tensor score, Tensor ablated);

    /// <summary>The same as nodes of a model file; null where nobody has told how.</summary>
    internal virtual Func<NodeWriter, string, string, string>? WeightNodes => null;

    internal sealed override Func<MapNodes, WrittenMap>? Nodes => WeightNodes is not { } weights ? null : map =>
    {
        NodeWriter w = map.Write;
        string isShown = w.Node("Greater", [w.Greatest(w.Node("Abs", [map.Activation]), [2, 3]), map.Real(0)]);
        (string score, string ablated) = map.Again.WithoutMaps(map.WithoutPlaces(isShown));
        return map.WeightedSum(map.OfChannels(weights(w, score, ablated)));
    };

    internal sealed override LayerMaps Run(MethodContext context)
    {
        Tensor activation = context.Activation;
        (Tensor score, Tensor ablated) = Ablation.Run(context);
        return LayerMaps.Of(
            Enumerable.Range(0, context.Targets).Select(t => MapMath.WeightedSum(
                Weights(score.select(1, t), ablated.select(1, t)).OfShape(this, nameof(Weights), activation.shape[0], activation.shape[1]), activation)),
            context.Size);
    }
}
