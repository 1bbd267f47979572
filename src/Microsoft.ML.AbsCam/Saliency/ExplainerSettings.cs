using Microsoft.ML.AbsCam.Saliency.Methods;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>How maps are made; what does not change from batch to batch.</summary>
/// <param name="Layers">The feature layers, mostly one.</param>
/// <param name="Fusion">How the maps of several layers become one.</param>
/// <param name="Method">How the layer's maps become one.</param>
/// <param name="Reading">How a mask method combines scores.</param>
/// <param name="Tolerance">See <see cref="AbsCamOptions.Tolerance"/>.</param>
/// <param name="AtLayerSize">Maps at the layer's size instead of the input's.</param>
/// <param name="TargetsPerRow">How many classes of a row are explained.</param>
/// <param name="PassSize">How many masked images run at once.</param>
/// <param name="IsMultiLabel">Whether each class has a probability of its own.</param>
/// <param name="Device">Where the network runs.</param>
/// <param name="Engine">What computes forward passes, as the network settled it.</param>
internal sealed record ExplainerSettings(
    IReadOnlyList<string> Layers, LayerFusion Fusion, SaliencyMethod Method, MaskReading Reading, double Tolerance, bool AtLayerSize, int TargetsPerRow, int PassSize, bool IsMultiLabel, Device Device, NetworkEngine Engine)
{
    /// <summary>The method that the options name: Abs-CAM is two, one for each phase.</summary>
    public static SaliencyMethod MethodOf(AbsCamOptions options)
        => options.Method == SaliencyMethod.AbsCam && options.Phase == SaliencyPhase.Initial ? new AbsCamInitial() : options.Method;

    /// <summary>From class scores [N,classes] to probabilities.</summary>
    public Tensor Probabilities(Tensor logits) => IsMultiLabel ? logits.sigmoid() : logits.softmax(1);

    /// <summary>Readings are Abs-CAM's; other mask methods are sums of weighted maps.</summary>
    public static MaskReading ReadingOf(AbsCamOptions options) => options.Method == SaliencyMethod.AbsCam ? options.Masks : MaskReading.Weighted;
}
