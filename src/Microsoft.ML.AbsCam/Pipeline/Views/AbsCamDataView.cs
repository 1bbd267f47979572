using Microsoft.ML.AbsCam.Pipeline.Columns;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>The data with the appended columns.</summary>
internal sealed class AbsCamDataView(IDataView source, ColumnBinding binding, AbsCamTransformer transformer) : IDataView
{
    public DataViewSchema Schema => binding.Schema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        Needs needs = binding.NeedsOf(columns);
        if (!needs.Anything)
        {
            return new AbsCamCursor(source.GetRowCursor(binding.PassedThrough(columns), rand), binding, transformer.Options, columns, null, null);
        }

        // Two cursors over the same rows: one passes columns through, the other reads ahead and fills the batches. A
        // shuffled source gives both the same order when both get the same seed.
        BatchComputer computer = transformer.NewComputer(binding, needs);
        int? seed = rand is not null && source.CanShuffle ? rand.Next() : null;
        Random? order() => seed is int value ? new Random(value) : null;
        DataViewRowCursor passing = source.GetRowCursor(binding.PassedThrough(columns), order());
        try
        {
            DataViewRowCursor ahead = source.GetRowCursor(binding.Read, order());
            return new AbsCamCursor(passing, binding, transformer.Options, columns, computer, new LookAhead(ahead, computer, transformer.Options.BatchSize, transformer.Options.ReadsAhead));
        }
        catch
        {
            passing.Dispose();
            throw;
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];

        // One network computes one batch after the other, and a batch is spread over the cores already.
        return binding.NeedsOf(columns).Anything
            ? [GetRowCursor(columns, rand)]
            : [.. source.GetRowCursorSet(binding.PassedThrough(columns), n, rand).Select(cursor => new AbsCamCursor(cursor, binding, transformer.Options, columns, null, null))];
    }
}
