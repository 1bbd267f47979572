namespace Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

/// <summary>A map as a file holds it.</summary>
/// <param name="Path">The picture's name.</param>
/// <param name="Values">Row by row; empty where there is none.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal sealed record KeptMap(string Path, float[] Values, int Height, int Width);
