using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>The column that says, row by row, which class to explain.</summary>
internal static class TargetColumn
{
    public const string Expected = "key, integer or text";

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is of another type.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is not DataViewSchema.Column column)
        {
            throw new ArgumentOutOfRangeException("inputSchema", $"Could not find target column '{name}'");
        }

        return IsFit(column.Type)
            ? column
            : throw new ArgumentOutOfRangeException("inputSchema", $"Schema mismatch for target column '{name}': expected {Expected}, got {column.Type}");
    }

    public static void Check(SchemaShape shape, string name)
    {
        if (!Friend.SchemaShapes.TryFind(shape, name, out SchemaShape.Column column))
        {
            throw new ArgumentOutOfRangeException("inputSchema", $"Could not find target column '{name}'");
        }

        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !IsFit(column.ItemType))
        {
            throw new ArgumentOutOfRangeException("inputSchema", $"Schema mismatch for target column '{name}': expected {Expected}, got {Friend.SchemaShapes.Describe(column)}");
        }
    }

    private static bool IsFit(DataViewType type)
        => type is TextDataViewType or KeyDataViewType || (type is NumberDataViewType && type != NumberDataViewType.Single && type != NumberDataViewType.Double);
}
