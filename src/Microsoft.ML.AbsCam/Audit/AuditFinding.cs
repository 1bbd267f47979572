namespace Microsoft.ML.AbsCam;

/// <summary>One thing that an audit found, with what it rests on.</summary>
/// <param name="Kind">What is said.</param>
/// <param name="ClassIndex">The class it is said of; -1 where two data sets are compared, which may number their classes otherwise.</param>
/// <param name="ClassName">Its name, or its index as text where there are no labels.</param>
/// <param name="Sentence">The finding in words.</param>
/// <param name="PValue">The probability of the like by chance, corrected for all tests of its family.</param>
public sealed record AuditFinding(AuditFindingKind Kind, int ClassIndex, string ClassName, string Sentence, double PValue)
{
    /// <summary>What interventions did; empty where none was made.</summary>
    public IReadOnlyList<AuditEffect> Effects { get; init; } = [];

    /// <summary>The positions of the rows that it speaks of.</summary>
    public IReadOnlyList<long> Rows { get; init; } = [];

    /// <summary>The same rows' names, or their positions as texts.</summary>
    public IReadOnlyList<string> RowNames { get; init; } = [];

    /// <summary>The groups that rows of the class fall into, the largest first; empty where the finding tells of none.</summary>
    public IReadOnlyList<AuditGroup> Groups { get; init; } = [];

    /// <summary>The pixels that it speaks of; null where it speaks of no place.</summary>
    public AuditRegion? Region { get; init; }

    /// <summary>The pixels in each of <see cref="Rows"/>, of a thing that lies elsewhere in each picture; empty for other findings.</summary>
    public IReadOnlyList<AuditRegion> RowRegions { get; init; } = [];

    /// <summary>Pictures before and after, of images that are photos.</summary>
    public IReadOnlyList<AuditPicture> Pictures { get; init; } = [];
}
