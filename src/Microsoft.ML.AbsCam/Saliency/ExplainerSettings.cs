using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Saliency.Stopping;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>How maps are made; what does not change from batch to batch.</summary>
/// <param name="Layers">The feature layers, mostly one; none for a method that needs none.</param>
/// <param name="Fusion">How the maps of several layers become one.</param>
/// <param name="Method">How a map is made.</param>
/// <param name="Tolerance">How far weighted maps may be from the exact ones.</param>
/// <param name="AtLayerSize">Maps at the layer's size instead of the input's.</param>
/// <param name="PassSize">How many masked images run at once.</param>
/// <param name="Question">What every image is asked.</param>
/// <param name="Device">Where the network runs.</param>
/// <param name="Engine">What computes forward passes, as the network settled it.</param>
internal sealed record ExplainerSettings(
    IReadOnlyList<FeatureLayer> Layers, LayerFusion Fusion, SaliencyMethod Method, MapTolerance Tolerance, bool AtLayerSize, int PassSize, Question Question, Device Device, NetworkEngine Engine)
{
    /// <summary>Whether passes and their gradients leave nothing to TorchSharp.</summary>
    public bool IsWhollyInRuntime { get; init; }

    /// <summary>Whether made-up images are explained for a trial, which no count of images is to have.</summary>
    public bool IsTrial { get; init; }
}
