namespace Microsoft.ML.AbsCam.Tool.Outputs;

/// <summary>A line of results.csv: an image and a target.</summary>
internal sealed record ResultRow(
    string Image, string Status, int? Target, string? Label, float? Probability, string Layer, string? Map, int Forwards, double Milliseconds, string? Question = null);
