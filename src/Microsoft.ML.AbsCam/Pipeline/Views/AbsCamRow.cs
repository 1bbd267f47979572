using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Rows;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>One row with the appended columns; it is computed anew whenever the row below it has moved.</summary>
internal sealed class AbsCamRow : DataViewRow
{
    private readonly DataViewRow _source;
    private readonly ColumnBinding _binding;
    private readonly HashSet<int> _active;
    private readonly OutputGetters? _getters;
    private readonly BatchComputer? _computer;
    private readonly RowReader? _reader;
    private readonly float[] _input = [];
    private ComputedRow? _computed;
    private long _position = -1;

    public AbsCamRow(DataViewRow source, ColumnBinding binding, AbsCamOptions options, IEnumerable<DataViewSchema.Column> columns, BatchComputer? computer)
    {
        _source = source;
        _binding = binding;
        _active = [.. columns.Select(column => column.Index)];
        if (computer is not null)
        {
            _computer = computer;
            _reader = computer.NewReader(source, 1);
            _input = new float[computer.InputLength];
            _getters = new OutputGetters(computer, options, Compute);
        }
    }

    public override DataViewSchema Schema => _binding.Schema;

    public override long Position => _source.Position;

    public override long Batch => _source.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => RowGetters.Get<TValue>(column, _binding, _source, _active, _getters);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private ComputedRow Compute()
    {
        if (_computed is null || _position != _source.Position)
        {
            _computed = _computer!.Compute([_reader!.Read(0, _input)], _input)[0];
            _position = _source.Position;
        }

        return _computed;
    }
}
