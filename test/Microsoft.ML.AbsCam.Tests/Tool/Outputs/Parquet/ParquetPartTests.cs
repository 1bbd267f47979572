using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

namespace Microsoft.ML.AbsCam.Tests.Tool.Outputs.Parquet;

[TestClass]
public sealed class ParquetPartTests
{
    private static readonly string[] Types =
    [
        "path VARCHAR", "status VARCHAR", "target INTEGER", "label VARCHAR", "probability FLOAT", "layer VARCHAR", "map_height INTEGER", "map_width INTEGER",
    ];

    [TestMethod]
    public void Columns_have_the_types_that_the_documentation_says()
    {
        foreach ((ParquetMaps maps, string[] own) in new[] { (ParquetMaps.Single, new[] { "map FLOAT[]" }), (ParquetMaps.Byte, ["map UTINYINT[]", "map_scale FLOAT"]) })
        {
            using var duck = new Duck();
            duck.Add([ParquetRows.Explained("a.png", 2, 3, i => i / 5f)], maps);
            string[] types = [.. duck.Ask($"DESCRIBE SELECT * FROM {duck.Files}").Select(row => $"{row[0]} {row[1]}")];
            CollectionAssert.AreEqual(Types.Concat(own).ToArray(), types, maps.ToString());
        }
    }

    [TestMethod]
    public void A_list_has_the_three_levels_of_the_format()
    {
        foreach (ParquetMaps maps in Enum.GetValues<ParquetMaps>())
        {
            using var duck = new Duck();
            string file = duck.Add([ParquetRows.Explained("a.png", 2, 3, i => i / 5f)], maps);
            string[] levels = [.. duck.Ask($"SELECT name, repetition_type, converted_type, type FROM parquet_schema('{file}')").Select(row => string.Join(' ', row)).Skip(9).Take(3)];
            string element = maps == ParquetMaps.Single ? "element REQUIRED  FLOAT" : "element REQUIRED UINT_8 INT32";
            CollectionAssert.AreEqual(new[] { "map OPTIONAL LIST ", "list REPEATED  ", element }, levels);
        }
    }

    [TestMethod]
    public void Rows_are_read_as_they_were_written()
    {
        using var duck = new Duck();
        float[] values = [0, 0.1f, 0.25f, 1 / 3f, 0.9999999f, 1];
        duck.Add([ParquetRows.Explained("ordner/Bär 熊.png", 2, 3, i => values[i]), ParquetRows.Unread("kaputt.png"), ParquetRows.Explained("c.png", 1, 1, _ => 0.5f) with { Label = "\"Ä\", 'ö'" }], ParquetMaps.Single);

        List<object?[]> rows = duck.Ask($"SELECT * FROM {duck.Files}");
        Assert.HasCount(3, rows);
        CollectionAssert.AreEqual(new object?[] { "ordner/Bär 熊.png", "Ok", 3, "Katze", 0.75f, "layer4", 2, 3 }, rows[0][..8]);
        CollectionAssert.AreEqual(values, (List<float>)rows[0][8]!, "bit for bit");
        CollectionAssert.AreEqual(new object?[] { "kaputt.png", "Unreadable", null, null, null, "layer4", 0, 0, null }, rows[1]);
        Assert.AreEqual("\"Ä\", 'ö'", rows[2][3]);
        Assert.AreEqual(0.5f, ((List<float>)rows[2][8]!).Single());
    }

    [TestMethod]
    public void A_row_group_without_any_map_is_whole()
    {
        foreach (ParquetMaps maps in Enum.GetValues<ParquetMaps>())
        {
            using var duck = new Duck();
            duck.Add([ParquetRows.Unread("a.png"), ParquetRows.Unread("b.png")], maps);
            CollectionAssert.AreEqual(new object?[] { 2L, 0L, 2L }, duck.Ask($"SELECT count(*), count(map), count(*) FILTER (target IS NULL) FROM {duck.Files}").Single(), maps.ToString());
        }
    }

    [TestMethod]
    public void A_map_longer_than_a_page_is_read_whole_between_its_neighbours()
    {
        using var duck = new Duck();
        duck.Add([ParquetRows.Unread("a.png"), ParquetRows.Explained("b.png", 1000, 700, i => i / 700_000f), ParquetRows.Explained("c.png", 1, 2, i => i)], ParquetMaps.Single);
        object?[] row = duck.Ask($"SELECT len(map), map[1], map[350001], map[700000] FROM {duck.Files} WHERE path = 'b.png'").Single();
        CollectionAssert.AreEqual(new object?[] { 700_000L, 0f, 0.5f, 699_999 / 700_000f }, row);
        Assert.AreEqual("[0.0, 1.0]", duck.Ask($"SELECT map::VARCHAR FROM {duck.Files} WHERE path = 'c.png'").Single()[0]);
    }

    [TestMethod]
    public void Eight_bits_miss_a_value_by_half_a_step_at_most()
    {
        using var duck = new Duck();
        ParquetRow row = ParquetRows.Explained("a.png", 100, 100, i => i / 9999f);
        duck.Add([row], ParquetMaps.Byte);
        object?[] read = duck.Ask($"SELECT map, map_scale FROM {duck.Files}").Single();
        var bytes = (List<byte>)read[0]!;
        float scale = (float)read[1]!;
        Assert.AreEqual(1f / 255, scale);
        double most = row.Map!.Zip(bytes).Max(pair => Math.Abs(pair.First - ((double)scale * pair.Second)));
        Assert.IsTrue(most <= (scale / 2) + 1e-7, $"{most} is more than half of {scale}");
        Assert.IsTrue(most > scale / 2.1, "the bound is met, so the test can fail");
        Assert.AreEqual(0, bytes[0]);
        Assert.AreEqual(255, bytes[^1]);
    }

    [TestMethod]
    public void Many_files_are_one_table_and_filters_find_their_rows()
    {
        using var duck = new Duck();
        for (int part = 0; part < 3; part++)
        {
            duck.Add([.. Enumerable.Range(part * 10, 10).Select(i => ParquetRows.Explained($"{i:00}.png", 2, 2, k => k / 4f) with { Target = i, Probability = i / 100f })], ParquetMaps.Single);
        }

        Assert.AreEqual(30L, duck.Ask($"SELECT count(*) FROM {duck.Files}").Single()[0]);
        CollectionAssert.AreEqual(new object[] { "25.png", "26.png" }, duck.Ask($"SELECT path FROM {duck.Files} WHERE probability >= 0.245 AND target < 27 ORDER BY path").ConvertAll(row => row[0]));
        Assert.AreEqual(17, duck.Ask($"SELECT target FROM {duck.Files} WHERE path = '17.png'").Single()[0]);
    }

    /// <summary>Readers skip a row group by the least and greatest of a column: text is ordered by its UTF-8 bytes there, not by UTF-16.</summary>
    [TestMethod]
    public void A_filter_finds_a_name_beyond_the_first_plane()
    {
        using var duck = new Duck();
        string[] names = ["a.png", "\U0001F600.png", "\uFF21.png"];
        duck.Add([.. names.Select(ParquetRows.Unread)], ParquetMaps.Single);
        foreach (string name in names)
        {
            Assert.AreEqual(1L, duck.Ask($"SELECT count(*) FROM {duck.Files} WHERE path = '{name}'").Single()[0], name);
        }
    }

    [TestMethod]
    public void The_same_rows_give_the_same_bytes()
    {
        foreach (ParquetMaps maps in Enum.GetValues<ParquetMaps>())
        {
            ParquetRow[] rows = [.. Enumerable.Range(0, 5).Select(ParquetRows.Blobs), ParquetRows.Unread("x.png")];
            CollectionAssert.AreEqual(ParquetRows.Write(rows, maps), ParquetRows.Write(rows, maps), maps.ToString());
        }
    }

    [TestMethod]
    public void Eight_bits_take_less_than_a_fifth_of_the_floats()
    {
        ParquetRow[] rows = [.. Enumerable.Range(0, 8).Select(ParquetRows.Blobs)];
        int floats = ParquetRows.Write(rows, ParquetMaps.Single).Length;
        int bytes = ParquetRows.Write(rows, ParquetMaps.Byte).Length;
        Console.WriteLine($"a map of 224 x 224: {floats / 8} bytes as floats, {bytes / 8} in 8 bits");
        Assert.IsLessThan(floats, bytes * 5);
    }
}
