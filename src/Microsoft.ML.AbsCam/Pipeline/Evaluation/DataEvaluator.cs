using Microsoft.ML.AbsCam.Pipeline.Batches;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>Reads a data view once, a batch at a time, and measures each batch.</summary>
internal static class DataEvaluator
{
    public static IEnumerable<SaliencyRowMetrics> Rows(IDataView data, EvaluationPlan plan, EvaluationColumns columns, IReadOnlyList<SaliencyMeasure> measures)
    {
        var input = new NetworkInput(plan.Network, columns.Input, plan.Preprocessing, nameof(SaliencyEvaluationOptions));
        CheckProtocols(measures, (int)(input.Size[1] * input.Size[2]));
        return Enumerate();

        IEnumerable<SaliencyRowMetrics> Enumerate()
        {
            float[] inputs = new float[input.Length * plan.Options.BatchSize];
            var rows = new List<EvaluationEntry>(plan.Options.BatchSize);
            var evaluator = new BatchEvaluator(plan, measures, [.. input.Size]);
            using DataViewRowCursor cursor = data.GetRowCursor(columns.Read);
            var reader = new EvaluationReader(cursor, columns, plan, input);
            bool hasMore = true;
            while (hasMore)
            {
                rows.Clear();
                while (rows.Count < plan.Options.BatchSize && (hasMore = cursor.MoveNext()))
                {
                    rows.Add(reader.Read(inputs.AsSpan(rows.Count * input.Length, input.Length)));
                }

                foreach (SaliencyRowMetrics row in evaluator.Measure(rows, inputs))
                {
                    yield return row;
                }
            }
        }
    }

    /// <summary>A protocol that asks for more pixels than there are is wrong for every row, so it is refused before the first.</summary>
    private static void CheckProtocols(IReadOnlyList<SaliencyMeasure> measures, int pixels)
    {
        foreach (Measures.Perturbation.PerturbationProbe probe in measures.SelectMany(measure => measure.Probes))
        {
            _ = probe.Count(pixels);
        }
    }
}
