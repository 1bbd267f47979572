namespace Microsoft.ML.AbsCam;

/// <summary>What goes into a network and comes out of it.</summary>
/// <param name="Channels">Colour channels of the input.</param>
/// <param name="Height">Rows of the input, in pixels.</param>
/// <param name="Width">Columns of the input, in pixels.</param>
/// <param name="ClassCount">How many scores the network gives an image: one a class, but for one single score, which stands for two (see <see cref="ClassesUnder"/>).</param>
public sealed record NetworkShape(int Channels, int Height, int Width, int ClassCount)
{
    /// <summary>How many classes there are where scores are read by that rule. One single score stands for two, unless it is asked to be one label or no probability.</summary>
    /// <param name="rule">How scores become probabilities.</param>
    public int ClassesUnder(ScoreRule rule) => ClassesOf(ClassCount, rule, OneScoreIsOneClass);

    /// <summary>Whether one single score is one class, as a detector's.</summary>
    internal bool OneScoreIsOneClass { get; init; }

    internal static int ClassesOf(int scores, ScoreRule rule, bool oneScoreIsOneClass) => scores == 1 && !oneScoreIsOneClass && rule is ScoreRule.Auto or ScoreRule.Probabilities ? 2 : scores;
}
