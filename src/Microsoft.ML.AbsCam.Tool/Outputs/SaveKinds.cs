namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>What is written beside results.csv.</summary>
[Flags]
internal enum SaveKinds
{
    None = 0,

    /// <summary>maps/NAME.npy</summary>
    Npy = 1,

    /// <summary>overlays/NAME.png</summary>
    Overlay = 2,

    /// <summary>index.html</summary>
    Report = 4,

    /// <summary>parquet/part-NNNNN.parquet</summary>
    Parquet = 8,
}
