using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Outputs;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>The data with the appended columns.</summary>
/// <param name="source">The data.</param>
/// <param name="binding">How the columns lie on it.</param>
/// <param name="options">How many rows a batch holds.</param>
/// <param name="newExplainer">What explains rows, for the columns that are read.</param>
internal sealed class AbsCamDataView(IDataView source, ColumnBinding binding, AbsCamOptions options, Func<ColumnNeeds, RowExplainer> newExplainer) : IDataView
{
    private const int TellingPass = 2;

    private int _passes;

    public DataViewSchema Schema => binding.Schema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        ColumnNeeds needs = binding.NeedsOf(columns);
        if (needs == ColumnNeeds.None)
        {
            return new AbsCamCursor(source.GetRowCursor(binding.PassedThrough(columns), rand), binding, columns, null, null);
        }

        // Two cursors over the same rows: one passes columns through, the other reads ahead and fills the batches. A
        // shuffled source gives both the same order when both get the same seed.
        RowExplainer explainer = newExplainer(needs);
        if (needs.HasFlag(ColumnNeeds.Maps) && Interlocked.Increment(ref _passes) == TellingPass)
        {
            explainer.TellOfSecondPass(binding.Outputs[0].Name);
        }

        int? seed = rand is not null && source.CanShuffle ? rand.Next() : null;
        Random? order() => seed is int value ? new Random(value) : null;
        DataViewRowCursor passing = source.GetRowCursor(binding.PassedThrough(columns), order());
        try
        {
            DataViewRowCursor ahead = source.GetRowCursor(binding.Read, order());
            return new AbsCamCursor(passing, binding, columns, explainer, new LookAhead(ahead, explainer, options.BatchSize, options.ReadsAhead));
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

        // Passes through one network take turns, and a batch is spread over the cores already: more cursors would only wait for one another.
        return binding.NeedsOf(columns) != ColumnNeeds.None
            ? [GetRowCursor(columns, rand)]
            : [.. source.GetRowCursorSet(binding.PassedThrough(columns), n, rand).Select(cursor => new AbsCamCursor(cursor, binding, columns, null, null))];
    }
}
