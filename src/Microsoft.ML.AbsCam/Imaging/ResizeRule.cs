namespace Microsoft.ML.AbsCam;

/// <summary>How a photo of any size is brought to the network's input size.</summary>
public enum ResizeRule
{
    /// <summary>The shorter side is resized to <see cref="ImagePreprocessing.ResizeTo"/>, then the centre is cut out. The photo's border is not seen by the network.</summary>
    CenterCrop,

    /// <summary>Both sides are resized independently; the whole photo is seen, its proportions change.</summary>
    Squash,

    /// <summary>The longer side is made to fit, the rest is filled with the mean colour (0 after normalisation), the photo centred. The whole photo is seen, its proportions stay.</summary>
    Pad,
}
