namespace Microsoft.ML.AbsCam.Saliency.Stopping;

/// <summary>Says when the masked images that were run are enough for the maps of an image, and what the others count.</summary>
internal interface IStoppingRule
{
    /// <summary>Whether the maps of all targets are close enough to the exact ones.</summary>
    /// <param name="row">The image.</param>
    /// <param name="weights">The weights w of all channels, one target after the other.</param>
    /// <param name="scores">The probabilities p of the channels that were run, at the places that their weights have.</param>
    /// <param name="run">The channels that were run. Those of an image are asked for in one order.</param>
    /// <param name="left">The channels that were not run and count, in the order in which they will be.</param>
    /// <param name="guesses">Where the answer is yes, takes what each channel of <paramref name="left"/> counts as its probability, one target after the other.</param>
    bool IsClose(int row, ReadOnlySpan<float> weights, ReadOnlySpan<float> scores, ReadOnlySpan<int> run, ReadOnlySpan<int> left, Span<float> guesses);
}
