namespace Microsoft.ML.AbsCam;

/// <summary>How much of a network is drawn anew.</summary>
/// <param name="Randomised">How many layers with weights, from the scores down; 0 for the trained network, opened once more.</param>
/// <param name="Layer">The lowest of them; null for none.</param>
public sealed record SanityStage(int Randomised, string? Layer)
{
    /// <inheritdoc/>
    public override string ToString() => Layer ?? "(trained)";

    /// <summary>The trained network, the uppermost layer, all layers, and what lies evenly between.</summary>
    /// <param name="layers">The layers from the scores down.</param>
    /// <param name="most">How many stages with drawn layers; null for one a layer.</param>
    internal static IReadOnlyList<SanityStage> Of(IReadOnlyList<string> layers, int? most)
    {
        int count = Math.Min(most ?? layers.Count, layers.Count);
        IEnumerable<int> randomised = count == 1
            ? [layers.Count]
            : Enumerable.Range(0, count).Select(i => 1 + (int)Math.Round(i * (layers.Count - 1) / (count - 1.0), MidpointRounding.AwayFromZero));
        return [new SanityStage(0, null), .. randomised.Select(depth => new SanityStage(depth, layers[depth - 1]))];
    }
}
