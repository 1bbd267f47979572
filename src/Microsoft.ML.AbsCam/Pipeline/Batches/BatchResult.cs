using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>A row after its batch.</summary>
/// <param name="Entry">What was read.</param>
/// <param name="Explanation">What the batch gave; null where the row had no input.</param>
/// <param name="Index">The row's place in <paramref name="Explanation"/>.</param>
/// <param name="Milliseconds">The row's share of the batch's time.</param>
internal sealed record BatchResult(BatchEntry Entry, Explanation? Explanation, int Index, float Milliseconds);
