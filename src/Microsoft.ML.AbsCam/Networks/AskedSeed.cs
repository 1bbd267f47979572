namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What a gradient is of, as values of a model file.</summary>
internal abstract record AskedSeed
{
    /// <summary>A sum of a few scores a row.</summary>
    /// <param name="Scores">Which, and what each counts.</param>
    internal sealed record OfScores(IReadOnlyList<ScoreSeed> Scores) : AskedSeed;

    /// <summary>Any function of the outputs.</summary>
    /// <param name="Gradient">Its gradient with respect to them, with as many numbers a row, in the same order.</param>
    internal sealed record OfOutputs(string Gradient) : AskedSeed;
}
