using System.Runtime.ExceptionServices;
using Microsoft.ML.AbsCam.Pipeline.Rows;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>Reads a batch of rows, from the one that is asked for on, and keeps what was computed of them.</summary>
internal sealed class LookAhead(DataViewRowCursor cursor, BatchComputer computer, int batchSize) : IDisposable
{
    private readonly RowReader _reader = computer.NewReader(cursor, batchSize);
    private readonly float[] _inputs = new float[batchSize * computer.InputLength];
    private ComputedRow[] _batch = [];
    private ExceptionDispatchInfo? _failure;
    private long _end;
    private long _first;
    private long _next;

    /// <param name="row">How many rows lie before the one asked for; never less than in an earlier call's batch.</param>
    public ComputedRow At(long row)
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

    public void Dispose() => cursor.Dispose();

    private void Fill(long row)
    {
        // Rows that nobody asked for are passed without a look at their images.
        while (_next < row && cursor.MoveNext())
        {
            _next++;
        }

        _first = row;
        _batch = [];
        _failure = null;
        var pending = new List<PendingRow>(batchSize);
        while (pending.Count < batchSize && cursor.MoveNext())
        {
            _next++;
            pending.Add(_reader.Read(pending.Count, _inputs.AsSpan(pending.Count * computer.InputLength, computer.InputLength)));
        }

        if (pending.Count == 0)
        {
            throw new InvalidOperationException($"The data gave row {row} to one reader and ended before it for another. The source must give the same rows every time it is read: put the rows into a list, or cache them with mlContext.Data.Cache.");
        }

        _end = _next;
        try
        {
            _batch = computer.Compute(pending, _inputs);
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }
    }
}
