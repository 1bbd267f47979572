using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Pipeline.Outputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>Walks over the rows; the network runs only when an appended column of a row is asked for.</summary>
internal sealed class AbsCamCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _passing;
    private readonly ColumnBinding _binding;
    private readonly HashSet<int> _active;
    private readonly CurrentRow? _current;
    private readonly LookAhead? _ahead;
    private long _row = -1;

    public AbsCamCursor(DataViewRowCursor passing, ColumnBinding binding, IEnumerable<DataViewSchema.Column> columns, RowExplainer? explainer, LookAhead? ahead)
    {
        _passing = passing;
        _binding = binding;
        _active = [.. columns.Select(column => column.Index)];
        _ahead = ahead;
        _current = explainer is null ? null : new CurrentRow(explainer, () => _row >= 0 ? ahead!.At(_row) : throw new InvalidOperationException("The cursor stands before the first row; call MoveNext before reading a value."));
    }

    public override DataViewSchema Schema => _binding.Schema;

    public override long Position => _passing.Position;

    public override long Batch => _passing.Batch;

    public override bool MoveNext()
    {
        if (!_passing.MoveNext())
        {
            return false;
        }

        _row++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => RowGetters.Get<TValue>(column, _binding, _passing, _active, _current);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _passing.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ahead?.Dispose();
            _passing.Dispose();
        }

        base.Dispose(disposing);
    }
}
