using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Friend;

/// <summary>Makes and reads the columns of a schema shape, which ML.NET lets only its friends do.</summary>
internal static class SchemaShapes
{
    public static SchemaShape.Column Column(string name, DataViewType type, DataViewSchema.Annotations? annotations)
    {
        SchemaShape.GetColumnTypeShape(type, out SchemaShape.Column.VectorKind kind, out DataViewType item, out bool isKey);
        SchemaShape shape = new(annotations is null ? [] : annotations.Schema.Select(column => Column(column.Name, column.Type, null)));
        return new SchemaShape.Column(name, kind, item, isKey, shape);
    }

    public static bool TryFind(SchemaShape shape, string name, out SchemaShape.Column column) => shape.TryFindColumn(name, out column);

    public static string Describe(SchemaShape.Column column) => column.GetTypeString();
}
