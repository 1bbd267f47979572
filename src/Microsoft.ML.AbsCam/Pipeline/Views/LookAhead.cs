using System.Runtime.ExceptionServices;
using Microsoft.ML.AbsCam.Pipeline.Batches;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>
/// Reads a batch of rows, from the one that is asked for on, and keeps what was computed of them. Where rows are asked for one after
/// the other, the next batch is read while this one is computed.
/// </summary>
internal sealed class LookAhead(DataViewRowCursor cursor, RowExplainer explainer, int batchSize, bool readsAhead) : IDisposable
{
    private readonly ReadBatch[] _buffers = [new(cursor, explainer, batchSize), new(cursor, explainer, batchSize)];
    private int _current;
    private Task? _reading;
    private BatchResult[] _batch = [];
    private ExceptionDispatchInfo? _failure;
    private long _first;
    private long _end;
    private long _next;

    private ReadBatch Other => _buffers[1 - _current];

    /// <param name="row">How many rows lie before the one asked for; never less than in an earlier call's batch.</param>
    public BatchResult At(long row)
    {
        if (row < 0)
        {
            throw new InvalidOperationException("The cursor stands before the first row: call MoveNext before a getter.");
        }

        if (row >= _end)
        {
            Fill(row);
        }

        // The rows of a failed batch are read and gone; each of them has the failure as its value.
        _failure?.Throw();
        return _batch[row - _first];
    }

    public void Dispose()
    {
        // The source is somebody else's, and must not be closed under a reader.
        _reading?.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        cursor.Dispose();
    }

    private void Fill(long row)
    {
        // The first batch may be all that is asked for, and rows that a filter picks are far apart.
        bool isNext = row == _end && _end > 0;
        int skipped = Find(row);
        ReadBatch batch = _buffers[_current];
        if (batch.Rows.Count == 0)
        {
            throw new InvalidOperationException($"The data gave row {row} to one reader and ended before it for another. The source must give the same rows every time it is read: put the rows into a list, or cache them with mlContext.Data.Cache.");
        }

        if (readsAhead && isNext && batch.Rows.Count == batchSize)
        {
            ReadBatch other = Other;
            _reading = Task.Run(other.Fill);
        }

        (_first, _end) = (row, _next);
        _batch = [];
        _failure = null;
        try
        {
            _batch = explainer.Compute([.. batch.Rows.Skip(skipped)], batch.Inputs.AsSpan(skipped * explainer.InputLength));
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>Makes the current batch one that has the row, unless the source ends before it.</summary>
    /// <returns>How many rows of the batch nobody asked for.</returns>
    private int Find(long row)
    {
        if (_reading is { } reading)
        {
            _reading = null;
            _current = 1 - _current;
            reading.GetAwaiter().GetResult();
            long first = _next;
            _next += _buffers[_current].Rows.Count;
            if (row < _next)
            {
                return (int)(row - first);
            }
        }

        // Rows that nobody asked for are passed without a look at their images.
        while (_next < row && cursor.MoveNext())
        {
            _next++;
        }

        _buffers[_current].Fill();
        _next += _buffers[_current].Rows.Count;
        return 0;
    }
}
