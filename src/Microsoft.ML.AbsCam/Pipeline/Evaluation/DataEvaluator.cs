namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>Reads a data view once, a batch at a time, and measures each batch.</summary>
internal static class DataEvaluator
{
    public static IEnumerable<SaliencyRowMetrics> Rows(IDataView data, EvaluationPlan plan, EvaluationColumns columns, IReadOnlyList<SaliencyMeasure> measures)
    {
        NetworkFit.CheckInput(plan.Network.Name, Networks.KnownShape.Of(plan.Shape), plan.Network.Levels, columns.Input, plan.Preprocessing, nameof(SaliencyEvaluationOptions));
        long[] size = columns.Input.IsImage ? [plan.Preprocessing.Planes, plan.Preprocessing.Height, plan.Preprocessing.Width] : [columns.Input.Channels, columns.Input.Height, columns.Input.Width];
        int length = (int)(size[0] * size[1] * size[2]);
        CheckProtocols(measures, (int)(size[1] * size[2]));
        return Enumerate();

        IEnumerable<SaliencyRowMetrics> Enumerate()
        {
            float[] inputs = new float[length * plan.Options.BatchSize];
            var rows = new List<EvaluationRow>(plan.Options.BatchSize);
            using var evaluator = new BatchEvaluator(plan, measures, size);
            using DataViewRowCursor cursor = data.GetRowCursor(columns.Read);
            var reader = new EvaluationReader(cursor, columns, plan);
            bool hasMore = true;
            while (hasMore)
            {
                rows.Clear();
                while (rows.Count < plan.Options.BatchSize && (hasMore = cursor.MoveNext()))
                {
                    rows.Add(reader.Read(inputs.AsSpan(rows.Count * length, length)));
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
        foreach (Measures.Perturbation.Probe probe in measures.SelectMany(measure => measure.Probes))
        {
            _ = probe.Count(pixels);
        }
    }
}
