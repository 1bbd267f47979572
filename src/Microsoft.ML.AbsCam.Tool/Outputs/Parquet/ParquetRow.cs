namespace Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

/// <summary>An image and a target, with the map that explains it; a row that could not be explained has none.</summary>
/// <remarks>A map goes row by row, and its values from 0 to 1.</remarks>
internal sealed record ParquetRow(
    string Path, string Status, int? Target, string? Label, float? Probability, string Layer, int MapHeight, int MapWidth, float[]? Map, string? Question = null);
