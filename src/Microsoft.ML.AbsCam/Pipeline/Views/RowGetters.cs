using Microsoft.ML.AbsCam.Pipeline.Outputs;

namespace Microsoft.ML.AbsCam.Pipeline.Views;

/// <summary>Finds the getter of a column among the source's and the appended ones.</summary>
internal static class RowGetters
{
    /// <exception cref="ArgumentException">The column is not active, is none of the schema's, or has another type.</exception>
    public static ValueGetter<T> Get<T>(DataViewSchema.Column column, ColumnBinding binding, DataViewRow source, HashSet<int> active, CurrentRow? current)
    {
        if (column.Index >= binding.Schema.Count || binding.Schema[column.Index].Name != column.Name)
        {
            throw new ArgumentException($"Column '{column.Name}' is not one of this row's.", nameof(column));
        }

        if (!active.Contains(column.Index))
        {
            throw new ArgumentException($"Column '{column.Name}' is not active: name it among the columns needed when the cursor is made.", nameof(column));
        }

        if (!binding.IsOutput(column))
        {
            return source.GetGetter<T>(binding.InputSchema[column.Index]);
        }

        return binding.OutputAt(column).Getter(current!) as ValueGetter<T>
            ?? throw new ArgumentException($"Column '{column.Name}' is read as {typeof(T).Name}, and holds {column.Type}.", nameof(column));
    }
}
