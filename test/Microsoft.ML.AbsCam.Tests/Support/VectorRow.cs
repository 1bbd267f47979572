using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A row with a preprocessed image.</summary>
internal sealed class VectorRow
{
    public string Name { get; set; } = "";

    public float[] Input { get; set; } = [];

    public int Target { get; set; }

    /// <summary>Something to filter by.</summary>
    public float Number { get; set; }

    /// <summary>The rows as data, with the dimensions of the vectors made known.</summary>
    public static IDataView View(MLContext context, IEnumerable<VectorRow> rows, params int[] dimensions)
        => context.Data.LoadFromEnumerable(rows, Schema(dimensions));

    public static SchemaDefinition Schema(params int[] dimensions)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(VectorRow));
        schema[nameof(Input)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimensions);
        return schema;
    }
}
