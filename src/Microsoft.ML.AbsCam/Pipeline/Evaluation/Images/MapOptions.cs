namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Images;

/// <summary>What of a user's <see cref="AbsCamOptions"/> counts where maps are made for a measure: no columns, and maps at the input's size.</summary>
internal static class MapOptions
{
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public static AbsCamOptions Of(AbsCamOptions explain, SaliencyTarget target)
    {
        ArgumentNullException.ThrowIfNull(explain);
        explain.Validate();
        return explain with { Target = target, MapSize = MapSize.Input, Columns = new() };
    }
}
