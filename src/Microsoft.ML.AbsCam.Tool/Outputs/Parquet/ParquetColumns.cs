using ParquetSharp;
using ParquetSharp.Schema;

namespace Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

/// <summary>The columns of a Parquet file, and how each is stored.</summary>
internal static class ParquetColumns
{
    private const string MapValues = "map.list.element";

    /// <summary>Every row group repeats these from row to row.</summary>
    private static readonly string[] Repeating = ["status", "target", "label", "layer", "map_height", "map_width", "map_scale", "question"];

    /// <remarks>Columns are written in this order.</remarks>
    /// <param name="maps">How maps are stored.</param>
    /// <param name="namesQuestions">Whether rows name one of several questions.</param>
    public static GroupNode Schema(ParquetMaps maps, bool namesQuestions = false)
    {
        List<Node> columns =
        [
            Text("path", Repetition.Required),
            Text("status", Repetition.Required),
            Number("target", Repetition.Optional, PhysicalType.Int32),
            Text("label", Repetition.Optional),
            Number("probability", Repetition.Optional, PhysicalType.Float),
            Text("layer", Repetition.Required),
            Number("map_height", Repetition.Required, PhysicalType.Int32),
            Number("map_width", Repetition.Required, PhysicalType.Int32),
            List("map", maps),
        ];
        if (maps == ParquetMaps.Byte)
        {
            columns.Add(Number("map_scale", Repetition.Required, PhysicalType.Float));
        }

        if (namesQuestions)
        {
            columns.Add(Text("question", Repetition.Required));
        }

        try
        {
            return new GroupNode("schema", Repetition.Required, columns);
        }
        finally
        {
            columns.ForEach(column => column.Dispose());
        }
    }

    public static WriterProperties Storage(ParquetMaps maps)
    {
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(Compression.Zstd).CompressionLevel(1).DisableDictionary();
        foreach (string column in Repeating)
        {
            builder.EnableDictionary(column);
        }

        // Nobody filters by the least value of all maps. Bytes of smooth maps differ by little from one to the next. Floats stay plain:
        // byte-stream-split is a fifth smaller, and Spark's vectorised reader refuses it.
        builder.DisableStatistics(MapValues);
        if (maps == ParquetMaps.Byte)
        {
            builder.Encoding(MapValues, Encoding.DeltaBinaryPacked);
        }

        return builder.Build();
    }

    private static PrimitiveNode Text(string name, Repetition repetition)
    {
        using LogicalType text = LogicalType.String();
        return new PrimitiveNode(name, repetition, text, PhysicalType.ByteArray);
    }

    private static PrimitiveNode Number(string name, Repetition repetition, PhysicalType type)
    {
        using LogicalType plain = LogicalType.None();
        return new PrimitiveNode(name, repetition, plain, type);
    }

    /// <summary>The three levels of the format's own LIST: the map may be missing, its values may not.</summary>
    private static GroupNode List(string name, ParquetMaps maps)
    {
        using LogicalType value = maps == ParquetMaps.Byte ? LogicalType.Int(bitWidth: 8, isSigned: false) : LogicalType.None();
        using var element = new PrimitiveNode("element", Repetition.Required, value, maps == ParquetMaps.Byte ? PhysicalType.Int32 : PhysicalType.Float);
        using var list = new GroupNode("list", Repetition.Repeated, [element]);
        using LogicalType logical = LogicalType.List();
        return new GroupNode(name, Repetition.Optional, [list], logical);
    }
}
