using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>The column that says, row by row, which class to explain.</summary>
internal static class TargetColumn
{
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is of another type.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is not DataViewSchema.Column column)
        {
            throw SchemaErrors.Target.Missing(name, nameof(schema));
        }

        return IsFit(column.Type)
            ? column
            : throw SchemaErrors.Target.Mismatch(name, column.Type.ToString(), nameof(schema));
    }

    public static void Check(SchemaShape shape, string name)
    {
        if (!Friend.SchemaShapes.TryFind(shape, name, out SchemaShape.Column column))
        {
            throw SchemaErrors.Target.Missing(name, nameof(shape));
        }

        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || !IsFit(column.ItemType))
        {
            throw SchemaErrors.Target.Mismatch(name, Friend.SchemaShapes.Describe(column), nameof(shape));
        }
    }

    private static bool IsFit(DataViewType type)
        => type is TextDataViewType or KeyDataViewType || (type is NumberDataViewType && type != NumberDataViewType.Single && type != NumberDataViewType.Double);
}
