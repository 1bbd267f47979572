using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>A row of vectors with a map and all that a measure may ask for.</summary>
internal sealed class MeasureRow
{
    public float[] Input { get; set; } = [];

    public float[] Saliency { get; set; } = [];

    public int Target { get; set; }

    public string Name { get; set; } = "";

    /// <summary>Something to filter by.</summary>
    public float Number { get; set; }

    public float[] Boxes { get; set; } = [2, 1, 5, 6];

    public float[] Mask { get; set; } = [.. Enumerable.Range(0, TinyNetwork.Pixels).Select(i => i % 3 == 0 ? 1f : 0f)];

    public static MeasureRow Of(int number) => new()
    {
        Input = TinyNetwork.Image(number),
        Saliency = Map(number),
        Target = number % TinyNetwork.Classes,
        Name = TinyNetwork.Labels[number % TinyNetwork.Classes],
        Number = number,
    };

    public static MeasureRow[] Rows(int count) => [.. Enumerable.Range(0, count).Select(Of)];

    /// <summary>A map as a ReLU leaves it: half of it is 0, and the rest takes few values.</summary>
    public static float[] Map(int number)
        => [.. OnnxModelBuilder.Numbers([TinyNetwork.Pixels], 500 + number).Select(value => MathF.Max(0, MathF.Round(value * 5)) / 5)];

    /// <param name="context">Where data come from.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="mapSize">The dimensions of the maps; without any, their length is open.</param>
    public static IDataView View(MLContext context, IEnumerable<MeasureRow> rows, params int[] mapSize)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(MeasureRow));
        schema[nameof(Input)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, TinyNetwork.Side, TinyNetwork.Side);
        schema[nameof(Mask)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, TinyNetwork.Side, TinyNetwork.Side);
        if (mapSize.Length > 0)
        {
            schema[nameof(Saliency)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, mapSize);
        }

        return context.Data.LoadFromEnumerable(rows, schema);
    }

    public static IDataView View(MLContext context, int count) => View(context, Rows(count), TinyNetwork.Side, TinyNetwork.Side);

    public static SaliencyEvaluationOptions Options(params SaliencyMeasure[] measures) => new()
    {
        ImageColumn = nameof(Input),
        TargetColumn = nameof(Target),
        Measures = measures.Length > 0 ? measures : null,
    };
}
