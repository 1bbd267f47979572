using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>How maps are made; what does not change from batch to batch.</summary>
/// <param name="Layer">The feature layer.</param>
/// <param name="Phase">Initial or final map.</param>
/// <param name="Reading">How the final map combines the masks.</param>
/// <param name="Tolerance">See <see cref="AbsCamOptions.Tolerance"/>.</param>
/// <param name="AtLayerSize">Maps at the layer's size instead of the input's.</param>
/// <param name="TargetsPerRow">How many classes of a row are explained.</param>
/// <param name="PassSize">How many masked images run at once.</param>
/// <param name="Device">Where the network runs.</param>
internal sealed record ExplainerSettings(
    string Layer, SaliencyPhase Phase, MaskReading Reading, double Tolerance, bool AtLayerSize, int TargetsPerRow, int PassSize, Device Device);
