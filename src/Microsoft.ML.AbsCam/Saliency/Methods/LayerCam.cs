using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>LayerCAM (Jiang et al., IEEE TIP 2021, equations 4 to 6): the sum of relu(g_k) A_k, pixel by pixel.</summary>
internal sealed class LayerCam() : GradientMethod("layer-cam")
{
    internal override bool AssumesPositive => true;

    internal override bool IsLight => true;

    internal override Func<MapNodes, WrittenMap> Nodes => map => map.OverChannels(map.Write.Mul(map.Relu(map.Gradient), map.Activation));

    protected internal override Tensor Combine(Tensor activation, Tensor gradient) => (gradient.relu() * activation).sum(1);
}
