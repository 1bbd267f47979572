namespace Microsoft.ML.AbsCam;

/// <summary>
/// How phase 2 of Abs-CAM combines the masked scores. The paper's abstract leaves several readings; w_k is the weight of
/// phase 1, A_k the activation, p_k the probability and y_k the logit of the target class on the image times the mask norm(up(w_k A_k)).
/// </summary>
public enum MaskReading
{
    /// <summary>norm(relu(sum of p_k up(w_k A_k))): un-normalised maps, so that phase 1 stays in the result. The default.</summary>
    Weighted,

    /// <summary>norm(relu(sum of p_k norm(up(w_k A_k)))): phase 1 only chooses the channels.</summary>
    PerChannel,

    /// <summary>p M0, with one mask: the map M0 of phase 1. It ranks pixels as phase 1 does.</summary>
    Whole,

    /// <summary>norm(relu(sum of |y_k| norm(up(w_k A_k)))): as per channel, with the absolute logit in the probability's place.</summary>
    PerChannelLogit,
}
