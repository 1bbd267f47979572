using Microsoft.ML.AbsCam.Onnx.Gradients;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>Ablation-CAM (Desai and Ramaswamy, WACV 2020): the sum of w_k A_k with w_k = (y - y_k) / y, the share of the logit that goes with map k.</summary>
internal sealed class AblationCam() : AblationMethod("ablation-cam")
{
    internal override bool AssumesPositive => true;

    internal override bool SharesWeights => true;

    internal override Func<NodeWriter, string, string, string> WeightNodes => (w, score, ablated) => w.Div(w.Sub(score, ablated), score);

    protected internal override Tensor Weights(Tensor score, Tensor ablated) => (score - ablated) / score;
}
