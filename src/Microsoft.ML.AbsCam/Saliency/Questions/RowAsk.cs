namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>What one row asks for by itself; null for what all rows share, or the network decides.</summary>
/// <param name="Class">The class, -1 for one that is not there.</param>
/// <param name="Against">The class that it is told from, -1 for one that is not there.</param>
/// <param name="Place">Where in the image it is asked about.</param>
/// <param name="Reference">What the row's output is compared with.</param>
internal sealed record RowAsk(int? Class = null, int? Against = null, AskedPlace? Place = null, float[]? Reference = null)
{
    /// <summary>Nothing: the network decides.</summary>
    public static RowAsk Nothing { get; } = new();

    /// <summary>What it asks of each of several questions; null for one question.</summary>
    public IReadOnlyList<RowAsk>? Parts { get; init; }
}
