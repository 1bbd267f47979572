using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Audits;

/// <summary>
/// Looks whether model, options and photos are those that a run's maps were made of, by value: some pictures are explained anew, and those whose files changed
/// since are scored anew.
/// </summary>
internal sealed class RunVerifier(MLContext context, AuditedRun run, AuditSettings settings, IRunLog log)
{
    private const int Samples = 4;

    // A map of bytes, another decoding of the photo and another version of a library move a map by less, and another network by more.
    private const double MostMapDifference = 0.03;
    private const double MostProbabilityDifference = 0.05;

    /// <exception cref="UsageException">The maps come out otherwise.</exception>
    public void Verify(CancellationToken cancellation)
    {
        FinishedRow[] changed = [.. Changed().Where(row => row.IsExplained)];
        HashSet<string> others = new(StringComparer.Ordinal);
        using AbsCamTransformer maker = context.Transforms.AbsCam(ExplainedColumns.Map, nameof(AuditedPhoto.Image), settings.Network, run.Options).Fit(run.View(cancellation));
        foreach ((FinishedRow row, RowValues values) in Explained(maker, changed, cancellation))
        {
            // NaN, where the photo cannot be read any more, is no match either.
            if (!(Math.Abs(values.Probabilities[0] - (row.Answer.Probability ?? float.NaN)) <= MostProbabilityDifference))
            {
                others.Add(row.Key);
                run.SetApart(row);
                log.Trouble($"{row.Name}: this photo is not the one that the run explained, and is not audited.");
            }
        }

        FinishedRow[] trusted = [.. run.Rows.Where(row => row.IsExplained && !others.Contains(row.Key))];
        int count = Math.Min(Samples, trusted.Length);
        FinishedRow[] sample = [.. Enumerable.Range(0, count).Select(i => trusted[i * trusted.Length / count])];
        foreach ((FinishedRow row, RowValues values) in Explained(maker, sample, cancellation))
        {
            Compare(row, values);
        }

        if (sample.Length > 0)
        {
            log.Line(string.Create(CultureInfo.InvariantCulture, $"{sample.Length} of {run.Rows.Count} photos explained anew: the maps and probabilities are those of the run{(changed.Length > 0 ? $"; {changed.Length} photos whose files changed since were scored anew" : "")}"));
        }
    }

    private void Compare(FinishedRow row, RowValues values)
    {
        float probability = values.Probabilities[0];
        float[] map = values.Map;
        float[] kept = run.MapOf(row);
        double difference = map.Length == kept.Length ? map.Zip(kept, (one, other) => Math.Abs(one - other)).Average() : double.NaN;
        if (!(difference <= MostMapDifference) || !(Math.Abs(probability - row.Answer.Probability!.Value) <= MostProbabilityDifference))
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"The run's maps are not what this model makes of these photos: '{row.Name}' has the probability {probability:0.###} of '{row.ClassName}', and the run says {row.Answer.Probability:0.###}; its map is {difference:0.###} off a pixel. Give the model, the options and the photos that the run was made of, or the photos in its place, to explain them anew."));
        }
    }

    /// <summary>Rows of batches in which a file has another length or time than when it was explained.</summary>
    private IEnumerable<FinishedRow> Changed() => run.Rows.GroupBy(row => row.Batch)
        .Where(batch => FileStamp.OfBatch(batch.Select(row => (row.Key, FileStamp.Of(run.FileOf(row).Path)))) != batch.Key)
        .SelectMany(batch => batch);

    private IEnumerable<(FinishedRow Row, RowValues Values)> Explained(AbsCamTransformer maker, FinishedRow[] rows, CancellationToken cancellation)
    {
        if (rows.Length == 0)
        {
            yield break;
        }

        IDataView view = run.View(rows, cancellation);
        IDataView explained = maker.Transform(view);
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema.Where(column => column.Index >= view.Schema.Count));
        var values = new RowValues(cursor);
        foreach (FinishedRow row in rows)
        {
            if (cursor.MoveNext())
            {
                yield return (row, values);
            }
        }
    }
}
