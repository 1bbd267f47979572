using System.Globalization;
using System.Text;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// The sanity check by cascading randomisation (Adebayo et al., NeurIPS 2018): how alike maps stay while a network's layers are
/// drawn anew from the scores down. A method whose maps stay as they were explains nothing that the network learnt.
/// </summary>
public sealed class SanityCheckMetrics
{
    private SanityCheckMetrics(IReadOnlyList<SanityStageResult> stages, long rows, IReadOnlyList<UnmeasuredRow> unmeasured, long forwards)
    {
        (Stages, Rows, Unmeasured, Forwards) = (stages, rows, unmeasured, forwards);
    }

    /// <summary>The stages, from the trained network on; that first one shows what a method's own chance leaves of likeness.</summary>
    public IReadOnlyList<SanityStageResult> Stages { get; }

    /// <summary>How many rows there were.</summary>
    public long Rows { get; }

    /// <summary>Rows without a map of the trained network, or of one stage, with the reason; at most <see cref="SaliencyMetrics.MostNamedRows"/>.</summary>
    public IReadOnlyList<UnmeasuredRow> Unmeasured { get; }

    /// <summary>Images that went through a network.</summary>
    public long Forwards { get; }

    /// <summary>Sums up rows of one or several runs with the same stages.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="seed">What the bootstrap draws from.</param>
    /// <exception cref="ArgumentException">A row has other stages than the first.</exception>
    public static SanityCheckMetrics Of(IEnumerable<SanityCheckRowMetrics> rows, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(rows);
        List<StageLikeness>[]? stages = null;
        List<UnmeasuredRow> unmeasured = [];
        long count = 0;
        long forwards = 0;
        foreach (SanityCheckRowMetrics row in rows)
        {
            stages ??= [.. row.Stages.Select(_ => new List<StageLikeness>())];
            if (row.Stages.Count != stages.Length || stages.Where((stage, i) => stage.Count > 0 && stage[0].Stage != row.Stages[i].Stage).Any())
            {
                throw new ArgumentException($"Row {row.Row} has other stages than the first.", nameof(rows));
            }

            for (int i = 0; i < stages.Length; i++)
            {
                stages[i].Add(row.Stages[i]);
            }

            unmeasured.AddRange(Reasons(row).Take(SaliencyMetrics.MostNamedRows - unmeasured.Count));
            count++;
            forwards += row.Forwards;
        }

        return new SanityCheckMetrics([.. (stages ?? []).Select(stage => Summed(stage, seed))], count, unmeasured, forwards);
    }

    /// <summary>The table as text: a line a stage, then the rows that were not measured.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"{"drawn",5}  {"down to layer",-28} {"Spearman",-8}{MeasuredMean.Heading[8..]} {"SSIM",8}{MeasuredMean.Heading[8..]}");
        foreach (SanityStageResult stage in Stages)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{stage.Stage.Randomised,5}  {stage.Stage,-28} {stage.RankCorrelation.Columns()} {stage.StructuralSimilarity.Columns()}");
        }

        foreach (UnmeasuredRow row in Unmeasured)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"row {row.Row} not measured{(row.Measure is null ? "" : $" at {row.Measure}")}: {row.Reason}.");
        }

        return text.ToString();
    }

    private static SanityStageResult Summed(List<StageLikeness> stage, int seed) => new(
        stage[0].Stage, MeasuredMean.Of(stage.Select(row => row.RankCorrelation), seed), MeasuredMean.Of(stage.Select(row => row.StructuralSimilarity), seed));

    /// <summary>A row that no stage could measure is named once.</summary>
    private static IEnumerable<UnmeasuredRow> Reasons(SanityCheckRowMetrics row)
    {
        StageLikeness[] without = [.. row.Stages.Where(stage => !stage.RankCorrelation.IsMeasured)];
        return without.Length == row.Stages.Count && without.All(stage => stage.RankCorrelation.Reason == without[0].RankCorrelation.Reason)
            ? [new UnmeasuredRow(row.Row, null, without[0].RankCorrelation.Reason!)]
            : without.Select(stage => new UnmeasuredRow(row.Row, $"stage {stage.Stage.Randomised}", stage.RankCorrelation.Reason!));
    }
}
