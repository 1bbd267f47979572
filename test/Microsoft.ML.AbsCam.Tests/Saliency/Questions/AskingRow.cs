using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Questions;

/// <summary>A row that asks for itself.</summary>
internal sealed class AskingRow
{
    public float[] Input { get; set; } = [];

    public int True { get; set; }

    public float[] Reference { get; set; } = [];

    public static IDataView View(MLContext context, params AskingRow[] rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(AskingRow));
        schema[nameof(Input)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, TinyNetwork.Side, TinyNetwork.Side);
        return context.Data.LoadFromEnumerable(rows, schema);
    }
}
