namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>What one pass over the rows leaves: memory is rows times map and features.</summary>
/// <param name="Rows">The rows that can be used, in their order.</param>
/// <param name="Unused">How many rows cannot be used, by the reason.</param>
/// <param name="MapHeight">Rows of a map.</param>
/// <param name="MapWidth">Columns of a map.</param>
/// <param name="ClassCount">Classes of the network.</param>
/// <param name="Labels">Their names; null where there are none.</param>
internal sealed record EvidenceTable(
    IReadOnlyList<EvidenceRow> Rows, IReadOnlyDictionary<string, int> Unused, int MapHeight, int MapWidth, int ClassCount, IReadOnlyList<string>? Labels)
{
    /// <summary>Whether some row's object is known.</summary>
    public bool KnowsObjects => Rows.Any(row => !double.IsNaN(row.OnObject));

    public string NameOf(int classIndex) => Labels is not null && classIndex < Labels.Count ? Labels[classIndex] : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{classIndex}");

    /// <summary>The classes that at least so many rows are explained for, with those rows.</summary>
    public IReadOnlyList<(int Class, EvidenceRow[] Rows)> Classes(int least) =>
        [.. Rows.GroupBy(row => row.Class).Where(group => group.Count() >= least).OrderBy(group => group.Key).Select(group => (group.Key, group.ToArray()))];
}
