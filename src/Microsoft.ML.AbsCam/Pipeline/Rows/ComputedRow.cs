using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Pipeline.Rows;

/// <summary>A row after its batch.</summary>
/// <param name="Source">What was read.</param>
/// <param name="Batch">What the batch gave; null where the row had no input.</param>
/// <param name="Index">The row's place in <paramref name="Batch"/>.</param>
/// <param name="Milliseconds">The row's share of the batch's time.</param>
internal sealed record ComputedRow(PendingRow Source, Explanation? Batch, int Index, float Milliseconds);
