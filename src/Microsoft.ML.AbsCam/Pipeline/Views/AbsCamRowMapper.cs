using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Outputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>Maps single rows, for prediction engines.</summary>
internal sealed class AbsCamRowMapper(ColumnBinding binding, Func<ColumnNeeds, RowExplainer> newExplainer) : IRowToRowMapper
{
    public DataViewSchema InputSchema => binding.InputSchema;

    public DataViewSchema OutputSchema => binding.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        DataViewSchema.Column[] columns = [.. dependingColumns];
        IEnumerable<DataViewSchema.Column> passed = binding.PassedThrough(columns);
        return binding.NeedsOf(columns) != ColumnNeeds.None ? passed.Concat(binding.Read).DistinctBy(column => column.Index) : passed;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        DataViewSchema.Column[] columns = [.. activeColumns];
        ColumnNeeds needs = binding.NeedsOf(columns);
        return new AbsCamRow(input, binding, columns, needs == ColumnNeeds.None ? null : newExplainer(needs));
    }
}
