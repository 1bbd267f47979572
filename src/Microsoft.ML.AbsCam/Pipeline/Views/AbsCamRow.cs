using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Pipeline.Outputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>One row with the appended columns; it is computed anew whenever the row below it has moved.</summary>
internal sealed class AbsCamRow : DataViewRow
{
    private readonly DataViewRow _source;
    private readonly ColumnBinding _binding;
    private readonly HashSet<int> _active;
    private readonly CurrentRow? _current;
    private readonly RowExplainer? _explainer;
    private readonly RowReader? _reader;
    private readonly float[] _input = [];
    private BatchResult? _computed;
    private long _position = -1;

    public AbsCamRow(DataViewRow source, ColumnBinding binding, IEnumerable<DataViewSchema.Column> columns, RowExplainer? explainer)
    {
        _source = source;
        _binding = binding;
        _active = [.. columns.Select(column => column.Index)];
        if (explainer is not null)
        {
            _explainer = explainer;
            _reader = explainer.NewReader(source, 1);
            _input = new float[explainer.InputLength];
            _current = new CurrentRow(explainer, Compute);
        }
    }

    public override DataViewSchema Schema => _binding.Schema;

    public override long Position => _source.Position;

    public override long Batch => _source.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => RowGetters.Get<TValue>(column, _binding, _source, _active, _current);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private BatchResult Compute()
    {
        if (_computed is null || _position != _source.Position)
        {
            _computed = _explainer!.Compute([_reader!.Read(0, _input)], _input)[0];
            _position = _source.Position;
        }

        return _computed;
    }
}
