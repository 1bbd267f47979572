using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Questions;

/// <summary>A row that asks about a place of its image.</summary>
internal sealed class PlacedRow
{
    public float[] Input { get; set; } = [];

    public float[] Mask { get; set; } = new float[TinyNetwork.Pixels];

    public float[] Box { get; set; } = [];

    public static IDataView View(MLContext context, params PlacedRow[] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(PlacedRow));
        schema[nameof(Input)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, TinyNetwork.Side, TinyNetwork.Side);
        schema[nameof(Mask)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, TinyNetwork.Side, TinyNetwork.Side);
        return context.Data.LoadFromEnumerable(rows, schema);
    }
}
