using ParquetSharp;

namespace Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

/// <summary>Reads what <see cref="ParquetPart"/> wrote.</summary>
internal static class ParquetPartReader
{
    /// <summary>The maps of all rows, in their order, as floats whatever the file holds.</summary>
    public static IReadOnlyList<KeptMap> ReadMaps(string path)
    {
        using var file = new ParquetFileReader(path);
        using RowGroupReader group = file.RowGroup(0);
        string[] paths = Read<string>("path");
        int[] heights = Read<int>("map_height");
        int[] widths = Read<int>("map_width");
        bool areBytes = Enumerable.Range(0, file.FileMetaData.Schema.NumColumns).Any(i => file.FileMetaData.Schema.Column(i).Name == "map_scale");
        float[]?[] maps = areBytes
            ? [.. Read<byte[]?>("map.list.element").Zip(Read<float>("map_scale"), (map, scale) => map is null ? null : Array.ConvertAll(map, step => step * scale))]
            : Read<float[]?>("map.list.element");
        return [.. paths.Select((name, i) => new KeptMap(name, maps[i] ?? [], heights[i], widths[i]))];

        T[] Read<T>(string column)
        {
            using ColumnReader reader = group.Column(file.FileMetaData.Schema.ColumnIndex(column));
            using LogicalColumnReader<T> values = reader.LogicalReader<T>();
            return values.ReadAll((int)group.MetaData.NumRows);
        }
    }
}
