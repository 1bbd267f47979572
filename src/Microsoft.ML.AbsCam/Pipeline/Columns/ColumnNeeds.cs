namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>What has to be computed for a column.</summary>
[Flags]
internal enum ColumnNeeds
{
    /// <summary>Nothing: the source has it.</summary>
    None = 0,

    /// <summary>A pass through the network.</summary>
    Scores = 1,

    /// <summary>Maps; the status and the cost of a map are known only then.</summary>
    Maps = Scores | 2,

    /// <summary>Maps, and the photos, which are kept until they are drawn.</summary>
    Photos = Maps | 4,

    /// <summary>Maps, and what lies under their heat.</summary>
    HeatFeatures = Maps | 8,
}
