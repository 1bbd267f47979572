using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>Phase 2 of Abs-CAM (arXiv 2207.03648): the maps of phase 1, each weighted once more by what the network says of the image masked with it.</summary>
internal sealed class AbsCamFinal(string name, MaskReading reading) : MaskMethod(name)
{
    internal override bool AssumesPositive => true;

    internal override bool IsLight => true;

    internal override bool SharesWeights => true;

    internal override Func<MapNodes, string> WeightNodes => Methods.AbsCamInitial.Weights;

    private protected override MaskReading Reading => reading;

    protected internal override Tensor Weights(Tensor activation, Tensor gradient) => Methods.AbsCamInitial.Weights(gradient);
}
