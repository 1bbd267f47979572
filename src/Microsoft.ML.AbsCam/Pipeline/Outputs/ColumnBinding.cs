using Microsoft.ML.AbsCam.Pipeline.Columns;

namespace Microsoft.ML.AbsCam.Pipeline.Outputs;

/// <summary>How a transformer's columns lie in and on one schema.</summary>
internal sealed class ColumnBinding
{
    public ColumnBinding(DataViewSchema inputSchema, InputColumn input, AskColumns asked, IReadOnlyList<OutputColumn> outputs)
    {
        InputSchema = inputSchema;
        Input = input;
        Asked = asked;
        Outputs = outputs;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        foreach (OutputColumn output in outputs)
        {
            builder.AddColumn(output.Name, output.Type, output.Annotations);
        }

        Schema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public InputColumn Input { get; }

    public AskColumns Asked { get; }

    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The input's columns, then the appended ones.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>The input columns that the computation reads.</summary>
    public IEnumerable<DataViewSchema.Column> Read => [Input.Column, .. Asked.Read];

    public bool IsOutput(DataViewSchema.Column column) => column.Index >= InputSchema.Count;

    public OutputColumn OutputAt(DataViewSchema.Column column) => Outputs[column.Index - InputSchema.Count];

    /// <summary>The columns of the input among columns of the output.</summary>
    public IEnumerable<DataViewSchema.Column> PassedThrough(IEnumerable<DataViewSchema.Column> columns)
        => columns.Where(column => !IsOutput(column)).Select(column => InputSchema[column.Index]);

    /// <summary>What has to be computed when these columns are read.</summary>
    public ColumnNeeds NeedsOf(IEnumerable<DataViewSchema.Column> columns)
        => columns.Where(IsOutput).Aggregate(ColumnNeeds.None, (needs, column) => needs | OutputAt(column).Needs);
}
