namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>What the rows of a batch ask for by themselves, one entry a row; null for what all rows share, or the network decides.</summary>
/// <param name="Classes">The class, -1 for one that is not there; of several targets a row one after the other.</param>
/// <param name="Against">The class that it is told from; -1 for one that is not there.</param>
/// <param name="Places">Where in the image.</param>
/// <param name="References">What the outputs are compared with.</param>
internal sealed record RowAsks(int[]? Classes = null, int[]? Against = null, AskedPlace[]? Places = null, float[][]? References = null)
{
    /// <summary>Nothing: the network's highest classes are explained.</summary>
    public static RowAsks Nothing { get; } = new();

    /// <summary>What they ask of each of several questions; null for one question.</summary>
    public IReadOnlyList<RowAsks>? Parts { get; init; }

    /// <param name="rows">What each row asks; all of them ask for the same kinds of things.</param>
    public static RowAsks Of(IReadOnlyList<RowAsk> rows) => new(
        All(rows, row => row.Class),
        All(rows, row => row.Against),
        rows.Any(row => row.Place is not null) ? [.. rows.Select(row => row.Place ?? AskedPlace.None)] : null,
        rows.Any(row => row.Reference is not null) ? [.. rows.Select(row => row.Reference ?? [])] : null)
    {
        Parts = rows is [{ Parts: { } parts }, ..] ? [.. parts.Select((_, part) => Of([.. rows.Select(row => row.Parts![part])]))] : null,
    };

    private static int[]? All(IReadOnlyList<RowAsk> rows, Func<RowAsk, int?> part) => rows.Any(row => part(row) is not null) ? [.. rows.Select(row => part(row) ?? -1)] : null;
}
