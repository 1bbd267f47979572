using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>The column that says, row by row, which class to explain.</summary>
internal static class TargetColumn
{
    private static readonly SchemaErrors NameErrors = new("target", "values that are the network's classes by number, or the option Labels, which names the network's classes in their order");

    /// <param name="schema">Where to look.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="labels">The names of the network's classes; null where they are not known.</param>
    /// <param name="classCount">How many there are; null where that is not known yet.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, it is of another type, or nothing tells which classes its values are.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, IReadOnlyList<string>? labels, int? classCount)
    {
        if (schema.GetColumnOrNull(name) is not DataViewSchema.Column column)
        {
            throw SchemaErrors.Target.Missing(name, nameof(schema));
        }

        if (!(column.Type is VectorDataViewType vector ? IsScores(vector.ItemType) : IsFit(column.Type)))
        {
            throw SchemaErrors.Target.Mismatch(name, column.Type.ToString(), nameof(schema));
        }

        if (labels is null && TargetNames.Unknown(column) is { } unknown)
        {
            throw NameErrors.Mismatch(name, $"{column.Type} with names such as '{unknown}' and no labels to find them among", nameof(schema));
        }

        if (column.Type is VectorDataViewType { Size: 1 })
        {
            throw SchemaErrors.Target.Mismatch(name, $"{column.Type}, whose one score is always the highest", nameof(schema));
        }

        // A network of one score has two classes.
        bool isOfOtherClasses = column.Type is VectorDataViewType { Size: > 0 and var size } && classCount is > 1 and var count && size != count;
        return isOfOtherClasses && TargetNames.Classes(column, labels) is null
            ? throw SchemaErrors.Target.Mismatch(name, $"{column.Type}, and the network scores {classCount} classes", nameof(schema))
            : column;
    }

    public static void Check(SchemaShape shape, string name)
    {
        if (!Friend.SchemaShapes.TryFind(shape, name, out SchemaShape.Column column))
        {
            throw SchemaErrors.Target.Missing(name, nameof(shape));
        }

        if (!(column.Kind == SchemaShape.Column.VectorKind.Scalar ? IsFit(column.ItemType) : IsScores(column.ItemType)))
        {
            throw SchemaErrors.Target.Mismatch(name, Friend.SchemaShapes.Describe(column), nameof(shape));
        }
    }

    private static bool IsScores(DataViewType item) => item == NumberDataViewType.Single || item == NumberDataViewType.Double;

    private static bool IsFit(DataViewType type)
        => type is TextDataViewType or KeyDataViewType || (type is NumberDataViewType && type != NumberDataViewType.Single && type != NumberDataViewType.Double);
}
