using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>Score-CAM (Wang et al., CVPR Workshops 2020) as its authors' code has it: every map that is not constant is scored, and its probability is its weight.</summary>
internal sealed class ScoreCam() : MaskMethod("score-cam", needsGradient: false)
{
    internal override bool AssumesPositive => true;

    internal override bool IsLight => true;

    internal override bool SharesWeights => true;

    internal override Func<MapNodes, string> WeightNodes => map => map.Write.Cast(map.IsVaried(), map.Type);

    protected internal override Tensor Weights(Tensor activation, Tensor gradient) => activation.new_ones(activation.shape[0], activation.shape[1]);
}
