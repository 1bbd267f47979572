namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// How a <see cref="MaskMethod"/> combines the masked scores; w_k is the weight of a map before it is scored, A_k the map, p_k the probability and
/// y_k the logit of the target class on the image times the mask norm(up(w_k A_k)).
/// </summary>
internal enum MaskReading
{
    /// <summary>norm(relu(sum of p_k up(w_k A_k))): un-normalised maps, so that w_k stays in the result.</summary>
    Weighted,

    /// <summary>norm(relu(sum of p_k norm(up(w_k A_k)))): w_k only chooses the channels.</summary>
    PerChannel,

    /// <summary>norm(relu(sum of |y_k| norm(up(w_k A_k)))): as per channel, with the absolute logit in the probability's place.</summary>
    PerChannelLogit,
}
