using System.Diagnostics;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Telemetry;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Computes rows in batches: one computation feeds every output column.</summary>
/// <param name="explainer">What explains the images.</param>
/// <param name="imageSize">Theirs, [C,H,W].</param>
/// <param name="needs">Whether maps are made, what lies under them, or scores alone.</param>
internal sealed class BatchComputer(IExplainer explainer, IReadOnlyList<long> imageSize, ColumnNeeds needs)
{
    /// <param name="rows">The rows of the batch.</param>
    /// <param name="inputs">Their images, one after the other.</param>
    public BatchResult[] Compute(IReadOnlyList<BatchEntry> rows, ReadOnlySpan<float> inputs)
    {
        var watch = Stopwatch.StartNew();
        int[] readable = [.. Enumerable.Range(0, rows.Count).Where(i => rows[i].HasImage)];
        Explanation? explanation = readable.Length == 0 ? null : Explain(rows, readable, inputs);
        float share = (float)watch.Elapsed.TotalMilliseconds / Math.Max(readable.Length, 1);

        var computed = new BatchResult[rows.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            int place = Array.BinarySearch(readable, i);
            computed[i] = place < 0 ? new BatchResult(rows[i], null, 0, 0) : new BatchResult(rows[i], explanation, place, share);
        }

        Instruments.Unreadable.Add(rows.Count - readable.Length);
        return computed;
    }

    private Explanation Explain(IReadOnlyList<BatchEntry> rows, int[] readable, ReadOnlySpan<float> inputs)
    {
        return explainer.Explain(inputs, readable, imageSize, RowAsks.Of([.. readable.Select(i => rows[i].Ask)]), needs.HasFlag(ColumnNeeds.Maps), needs.HasFlag(ColumnNeeds.HeatFeatures));
    }
}
