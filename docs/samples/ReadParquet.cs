// <load>
using Microsoft.ML;
using Microsoft.ML.Data;
using ParquetSharp;

// </load>
namespace Samples.ReadParquet;

internal static class ReadParquet
{
    public static void Example()
    {
        // <load>
        var mlContext = new MLContext();
        SchemaDefinition columns = SchemaDefinition.Create(typeof(ExplainedRow));
        columns[nameof(ExplainedRow.Map)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 112, 112);

        // Rows are read when a cursor asks for them, and again for each cursor; never all at once.
        IDataView explained = mlContext.Data.LoadFromEnumerable(ExplainedRow.Read("out/parquet"), columns);
        Console.WriteLine(explained.Schema[nameof(ExplainedRow.Map)].Type);
        foreach (float[] map in explained.GetColumn<float[]>(nameof(ExplainedRow.Map)))
        {
            Console.WriteLine($"{map.Average():P1} of the picture matters");
        }

        // </load>
    }
}

// <load>
/// <summary>A row of the Parquet files of <c>abscam explain</c>.</summary>
internal sealed class ExplainedRow
{
    public string Path { get; set; } = "";

    public string Label { get; set; } = "";

    public float Probability { get; set; }

    public float[] Map { get; set; } = [];

    public static IEnumerable<ExplainedRow> Read(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder, "*.parquet").Order(StringComparer.Ordinal))
        {
            using var file = new ParquetFileReader(path);
            SchemaDescriptor schema = file.FileMetaData.Schema;
            for (int i = 0; i < file.FileMetaData.NumRowGroups; i++)
            {
                using RowGroupReader group = file.RowGroup(i);
                using var paths = group.Column(schema.ColumnIndex("path")).LogicalReader<string>();
                using var labels = group.Column(schema.ColumnIndex("label")).LogicalReader<string?>();
                using var probabilities = group.Column(schema.ColumnIndex("probability")).LogicalReader<float?>();
                using var maps = group.Column(schema.ColumnIndex("map.list.element")).LogicalReader<float[]?>();
                while (paths.HasNext)
                {
                    var row = new ExplainedRow { Path = Next(paths), Label = Next(labels) ?? "", Probability = Next(probabilities) ?? float.NaN };

                    // A photo that could not be read has a row, and no map.
                    if (Next(maps) is float[] map)
                    {
                        row.Map = map;
                        yield return row;
                    }
                }
            }
        }
    }

    private static T Next<T>(LogicalColumnReader<T> column)
    {
        var one = new T[1];
        column.ReadBatch(one);
        return one[0];
    }
}

// </load>
