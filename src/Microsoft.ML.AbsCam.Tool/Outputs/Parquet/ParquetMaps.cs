namespace Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

/// <summary>What a value of a map is in a Parquet file.</summary>
internal enum ParquetMaps
{
    /// <summary>A float, as it was computed.</summary>
    Single,

    /// <summary>An unsigned 8-bit number, which times the row's <c>map_scale</c> is the nearest of 256 steps.</summary>
    Byte,
}
