namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Images;

/// <summary>A row with an image and perhaps a class, as it was read.</summary>
/// <param name="Position">The row's position in the data.</param>
/// <param name="Input">The network's input [C,H,W]; good until the next rows are read.</param>
/// <param name="Target">The class; null where rows do not ask for one.</param>
/// <param name="Trouble">Why the row cannot be used; null where it can.</param>
internal sealed record LabelledImage(long Position, ReadOnlyMemory<float> Input, int? Target, string? Trouble);
