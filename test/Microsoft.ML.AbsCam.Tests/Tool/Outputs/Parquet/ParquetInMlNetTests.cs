using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;
using Microsoft.ML.Data;
using Samples.QueryParquet;
using Samples.ReadParquet;

namespace Microsoft.ML.AbsCam.Tests.Tool.Outputs.Parquet;

[TestClass]
public sealed class ParquetInMlNetTests
{
    [TestMethod]
    public void Rows_of_many_files_stream_into_a_data_view_with_vectors_of_known_size()
    {
        using var folder = new TemporaryFolder();
        ParquetRow[] rows = WriteParts(folder.Path, ParquetMaps.Single);
        var mlContext = new MLContext();
        SchemaDefinition columns = SchemaDefinition.Create(typeof(ExplainedRow));
        columns[nameof(ExplainedRow.Map)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, 2);
        IDataView view = mlContext.Data.LoadFromEnumerable(ExplainedRow.Read(folder.Path), columns);

        ParquetRow[] explained = [.. rows.Where(row => row.Map is not null)];
        for (int pass = 0; pass < 2; pass++)
        {
            CollectionAssert.AreEqual(explained.Select(row => row.Path).ToArray(), view.GetColumn<string>("Path").ToArray());
            CollectionAssert.AreEqual(explained.Select(row => row.Probability).ToArray(), view.GetColumn<float>("Probability").Select(value => (float?)value).ToArray());
            CollectionAssert.AreEqual(explained.SelectMany(row => row.Map!).ToArray(), view.GetColumn<float[]>("Map").SelectMany(map => map).ToArray());
        }
    }

    /// <summary>A file whose end is missing shows that nothing behind the row that is asked for is opened.</summary>
    [TestMethod]
    public void Files_behind_the_row_that_is_read_stay_closed()
    {
        using var folder = new TemporaryFolder();
        WriteParts(folder.Path, ParquetMaps.Single);
        folder.Write("9999.parquet", "PAR1, and no more");
        Assert.AreEqual("0-0.png", ExplainedRow.Read(folder.Path).First().Path);
        Assert.ThrowsExactly<ParquetSharp.ParquetException>(() => ExplainedRow.Read(folder.Path).Count());
    }

    [TestMethod]
    public void Scalars_load_through_a_query()
    {
        foreach (ParquetMaps maps in Enum.GetValues<ParquetMaps>())
        {
            using var folder = new TemporaryFolder();
            ParquetRow[] rows = WriteParts(folder.Path, maps);
            IDataView explained = ParquetQuery.Load(new MLContext(), folder.Path);
            ParquetRow[] ok = [.. rows.Where(row => row.Map is not null).OrderBy(row => row.Path, StringComparer.Ordinal)];
            CollectionAssert.AreEqual(ok.Select(row => row.Path).ToArray(), explained.GetColumn<string>("path").ToArray());
            CollectionAssert.AreEqual(ok.Select(row => row.Probability!.Value).ToArray(), explained.GetColumn<float>("probability").ToArray());
            double scale = maps == ParquetMaps.Byte ? 255 : 1;
            double[] areas = [.. explained.GetColumn<double>("area")];
            Assert.IsTrue(ok.Zip(areas).All(pair => Math.Abs((pair.First.Map!.Average() * scale) - pair.Second) <= 0.5), string.Join(' ', areas));
        }
    }

    /// <summary>Three files of four rows, the second of each without a map.</summary>
    private static ParquetRow[] WriteParts(string folder, ParquetMaps maps)
    {
        var all = new List<ParquetRow>();
        for (int part = 0; part < 3; part++)
        {
            ParquetRow[] rows = [.. Enumerable.Range(0, 4).Select(i => i == 1 ? ParquetRows.Unread($"{part}-{i}.png") : ParquetRows.Explained($"{part}-{i}.png", 3, 2, k => (k + i + part) / 20f) with { Probability = (part + i) / 10f })];
            File.WriteAllBytes(Path.Combine(folder, $"{part:0000}.parquet"), ParquetRows.Write(rows, maps));
            all.AddRange(rows);
        }

        return [.. all];
    }
}
