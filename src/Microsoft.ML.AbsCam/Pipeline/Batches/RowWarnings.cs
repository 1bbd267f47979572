using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Tells the log which rows have no map, and why, and where rows are explained again.</summary>
/// <param name="host">Where messages go.</param>
/// <param name="imageColumn">The column of images.</param>
/// <param name="targetsPerRow">How many maps a row has.</param>
internal sealed class RowWarnings(IHost host, string imageColumn, int targetsPerRow)
{
    public void Tell(IEnumerable<BatchResult> rows)
    {
        foreach (BatchResult row in rows)
        {
            if (Trouble(row) is { } trouble)
            {
                Warn($"Row {row.Entry.Position}: {trouble}");
            }
        }
    }

    /// <summary>Who reads maps twice mostly does not know: a trainer goes over its data once a step.</summary>
    /// <param name="mapColumn">The column that is read again.</param>
    public void TellOfSecondPass(string mapColumn) => Warn(
        $"The column '{mapColumn}' is read a second time, and every pass explains every row anew. A trainer reads its data many times: put AppendCacheCheckpoint(mlContext) between AbsCam and the trainer, or read from mlContext.Data.Cache(…), so that each row is explained once.");

    private void Warn(string text)
    {
        using IChannel channel = host.Start("AbsCam");
        channel.Warning(text);
    }

    private string? Trouble(BatchResult row)
    {
        if (row.Explanation is not { } maps)
        {
            return $"{MapStatusText.Of(MapStatus.UnreadableImage)} to explain in column '{imageColumn}'{(row.Entry.Error is { } error ? ": " + error.SourceException.Message : ".")}";
        }

        for (int target = row.Index * targetsPerRow; target < (row.Index + 1) * targetsPerRow; target++)
        {
            MapStatus status = maps.Status[target];
            if (status != MapStatus.Ok)
            {
                return $"{MapStatusText.Of(status)} ({(status == MapStatus.TargetOutOfRange ? $"there are {maps.ClassCount}" : $"class {maps.Targets[target]}")}); the map's values are NaN.";
            }
        }

        return null;
    }
}
