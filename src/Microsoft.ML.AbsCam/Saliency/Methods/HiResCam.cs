using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>HiResCAM (Draelos and Carin, arXiv 2011.08891, equation 3): the sum of g_k A_k, pixel by pixel.</summary>
internal sealed class HiResCam() : GradientMethod("hires-cam")
{
    internal override bool IsLight => true;

    internal override Func<MapNodes, WrittenMap> Nodes => map => map.OverChannels(map.Write.Mul(map.Gradient, map.Activation));

    protected internal override Tensor Combine(Tensor activation, Tensor gradient) => (gradient * activation).sum(1);
}
