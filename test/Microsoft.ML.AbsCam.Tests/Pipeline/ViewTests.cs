using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>However ML.NET reads the rows, each has its own map.</summary>
[TestClass]
public sealed class ViewTests
{
    private const int Count = 10;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(7)]
    [DataRow(64)]
    public void The_batch_size_does_not_change_a_map(int batchSize)
        => Explained.AreMapsOf(Enumerable.Range(0, Count), Explain(Count, new AbsCamOptions { BatchSize = batchSize }).Maps());

    [TestMethod]
    public void Batches_are_as_large_as_asked_and_the_last_holds_the_rest()
    {
        using var module = new TinyModule();
        IDataView explained = Explain(Count, new AbsCamOptions { BatchSize = 4, Method = SaliencyMethod.AbsCamInitial }, module.Open());
        explained.Maps();
        CollectionAssert.AreEqual(new long[] { 1, 4, 4, 2 }, module.Passes, "a pass of one image finds out sizes and that the scores are logits");
    }

    [TestMethod]
    public void All_columns_of_a_row_come_from_one_computation()
    {
        using var module = new TinyModule();
        IDataView explained = Explain(4, new AbsCamOptions { BatchSize = 4, Method = SaliencyMethod.AbsCamInitial, Columns = new() { Class = "Class", Status = "Status", Scores = "Scores" } }, module.Open());
        explained.Preview();
        CollectionAssert.AreEqual(new long[] { 1, 4 }, module.Passes);
    }

    [TestMethod]
    public void The_layer_and_the_reason_for_it_are_said_once()
    {
        var log = new RunLog(_context);
        using AbsCamTransformer transformer = Explained.Transformer(_context);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 3));
        explained.Maps();
        explained.Maps();
        Assert.HasCount(4, log.Infos, "the layer, the network's task, what scores mean, and what runs the network");
        StringAssert.Contains(log.Infos[0], $"explains layer 'map' of 'network.onnx' (Relu, 6 x 4 x 4) on cpu: {transformer.Layer.Verdict}");
        StringAssert.Contains(log.Infos[1], "is taken to tell classes apart");
        StringAssert.Contains(log.Infos[2], "Probabilities are the softmax of the scores.");
        StringAssert.Contains(log.Infos[3], "Forward passes and gradients run in ONNX Runtime");
        StringAssert.Contains(log.Warnings.Single(), "is read a second time");
    }

    [TestMethod]
    public void A_shuffled_cursor_keeps_names_and_maps_together()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 3 });
        IDataView explained = transformer.Transform(_context.Data.Cache(TinyNetwork.View(_context, Count)));
        Assert.IsTrue(explained.CanShuffle);
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema, new Random(5));
        int[] order = CheckRows(cursor);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, Count).ToArray(), order);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, Count).ToArray(), order);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void ShuffleRows_before_and_after_keeps_names_and_maps_together(bool before)
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 3 });
        IDataView source = TinyNetwork.View(_context, Count);
        IDataView explained = before
            ? transformer.Transform(_context.Data.ShuffleRows(source, seed: 3))
            : _context.Data.ShuffleRows(transformer.Transform(source), seed: 3);
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema);
        int[] order = CheckRows(cursor);
        CollectionAssert.AreEquivalent(Enumerable.Range(0, Count).ToArray(), order);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, Count).ToArray(), order);
    }

    [TestMethod]
    public void A_filter_before_leaves_the_kept_rows_their_maps()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 3 });
        IDataView kept = _context.Data.FilterRowsByColumn(TinyNetwork.View(_context, Count), nameof(VectorRow.Number), 2, 7);
        Explained.AreMapsOf([2, 3, 4, 5, 6], transformer.Transform(kept).Maps());
    }

    [TestMethod]
    public void Rows_that_a_later_filter_drops_are_not_computed()
    {
        using var module = new TinyModule();
        VectorRow[] rows = TinyNetwork.Rows(150);
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 4, Method = SaliencyMethod.AbsCamInitial }, module.Open());
        IDataView kept = _context.Data.FilterRowsByColumn(transformer.Transform(TinyNetwork.View(_context, rows)), nameof(VectorRow.Number), 40, 50);
        float[][] maps = kept.Maps();
        Assert.HasCount(10, maps);
        CollectionAssert.AreEqual(new long[] { 1, 4, 4, 4 }, module.Passes);
        for (int i = 0; i < maps.Length; i++)
        {
            Close.AreClose(BruteForceAbsCam.Explain(TinyNetwork.Rectified, rows[40 + i].Input, method: SaliencyMethod.AbsCamInitial).Map, maps[i], Explained.Tolerance, $"row {40 + i}");
        }
    }

    [TestMethod]
    public void A_filter_on_an_appended_column_reads_it()
    {
        IDataView explained = Explain(Count, new AbsCamOptions { Columns = new() { Probability = "Probability" }, BatchSize = 3 });
        float[] probabilities = [.. explained.GetColumn<float>("Probability")];
        double median = probabilities.Order().ElementAt(Count / 2);
        IDataView sure = _context.Data.FilterRowsByColumn(explained, "Probability", median, 2);
        Explained.AreMapsOf(Enumerable.Range(0, Count).Where(i => probabilities[i] >= median), sure.Maps());
    }

    [TestMethod]
    public void TakeRows_and_SkipRows_count_rows_not_batches()
    {
        IDataView explained = Explain(Count, new AbsCamOptions { BatchSize = 4 });
        Explained.AreMapsOf([0, 1, 2, 3, 4], _context.Data.TakeRows(explained, 5).Maps());
        Explained.AreMapsOf([7, 8, 9], _context.Data.SkipRows(explained, 7).Maps());
    }

    [TestMethod]
    public void Rows_passed_over_are_computed_when_a_later_one_is_read()
    {
        IDataView explained = Explain(Count, new AbsCamOptions { BatchSize = 2 });
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(explained.Schema[Explained.Map]);
        VBuffer<float> map = default;
        foreach (int row in (int[])[1, 2, 7, 8, 9])
        {
            while (cursor.Position < row)
            {
                Assert.IsTrue(cursor.MoveNext());
            }

            getter(ref map);
            Explained.IsMapOf(row, [.. map.DenseValues()]);
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void A_getter_before_the_first_row_is_refused()
    {
        IDataView explained = Explain(1);
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema);
        VBuffer<float> map = default;
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(explained.Schema[Explained.Map]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref map)).Message, "MoveNext");
    }

    [TestMethod]
    public void A_column_that_was_not_asked_for_or_of_another_type_has_no_getter()
    {
        IDataView explained = Explain(1);
        using DataViewRowCursor cursor = explained.GetRowCursor([explained.Schema[Explained.Map]]);
        Assert.IsFalse(cursor.IsColumnActive(explained.Schema["Name"]));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(explained.Schema["Name"])).Message, "not active");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => cursor.GetGetter<float>(explained.Schema[Explained.Map])).Message, "Single");
    }

    [TestMethod]
    public void A_cached_view_gives_the_same_twice_and_computes_once()
    {
        using var module = new TinyModule();
        IDataView cached = _context.Data.Cache(Explain(6, new AbsCamOptions { BatchSize = 3, Method = SaliencyMethod.AbsCamInitial }, module.Open()), Explained.Map);
        float[][] first = cached.Maps();
        float[][] second = cached.Maps();
        CollectionAssert.AreEqual(new long[] { 1, 3, 3 }, module.Passes);
        for (int i = 0; i < first.Length; i++)
        {
            CollectionAssert.AreEqual(first[i], second[i]);
        }
    }

    [TestMethod]
    public void A_preview_shows_maps()
    {
        DataDebuggerPreview preview = Explain(3).Preview();
        Explained.AreMapsOf([0, 1, 2], [.. preview.ColumnView.Single(column => column.Column.Name == Explained.Map).Values.Select(value => ((VBuffer<float>)value).DenseValues().ToArray())]);
    }

    [TestMethod]
    public void A_binary_file_brings_back_values_types_and_names()
    {
        IDataView explained = Explain(5, new AbsCamOptions { Columns = new() { Class = "Class", Scores = "Scores", Status = "Status" }, Labels = TinyNetwork.Labels });
        using var stream = new MemoryStream();
        _context.Data.SaveAsBinary(explained, stream, keepHidden: false);
        string file = Path.Combine(Path.GetTempPath(), Guid.NewGuid() + ".idv");
        try
        {
            File.WriteAllBytes(file, stream.ToArray());
            IDataView loaded = _context.Data.LoadFromBinary(file);
            Assert.AreEqual(explained.Schema[Explained.Map].Type, loaded.Schema[Explained.Map].Type);
            Assert.AreEqual(explained.Schema["Class"].Type, loaded.Schema["Class"].Type);
            Explained.AreMapsOf(Enumerable.Range(0, 5), loaded.Maps());
            CollectionAssert.AreEqual(explained.GetColumn<uint>("Class").ToArray(), loaded.GetColumn<uint>("Class").ToArray());
            VBuffer<ReadOnlyMemory<char>> names = default;
            loaded.Schema["Class"].GetKeyValues(ref names);
            CollectionAssert.AreEqual(TinyNetwork.Labels, names.DenseValues().Select(name => name.ToString()).ToArray());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public void CreateEnumerable_fills_rows()
    {
        Output[] rows = [.. _context.Data.CreateEnumerable<Output>(Explain(4), reuseRowObject: false)];
        Assert.AreEqual("row 0, row 1, row 2, row 3", string.Join(", ", rows.Select(row => row.Name)));
        Explained.AreMapsOf(Enumerable.Range(0, 4), [.. rows.Select(row => row.Saliency)]);
    }

    [TestMethod]
    public void A_source_that_gives_fewer_rows_the_second_time_is_named_as_the_fault()
    {
        int reads = 0;
        IEnumerable<VectorRow> fading() => TinyNetwork.Rows(Interlocked.Increment(ref reads) % 2 == 1 ? 5 : 0);
        using AbsCamTransformer transformer = Explained.Transformer(_context);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, new Rereading(fading)));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => explained.Maps()).Message, "mlContext.Data.Cache");
    }

    private IDataView Explain(int count, AbsCamOptions? options = null, ImageNetwork? network = null)
        => Explained.Transformer(_context, options, network).Transform(TinyNetwork.View(_context, count));

    private static int[] CheckRows(DataViewRowCursor cursor)
    {
        ValueGetter<ReadOnlyMemory<char>> name = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Name"]);
        ValueGetter<VBuffer<float>> map = cursor.GetGetter<VBuffer<float>>(cursor.Schema[Explained.Map]);
        var order = new List<int>();
        while (cursor.MoveNext())
        {
            ReadOnlyMemory<char> text = default;
            VBuffer<float> values = default;
            name(ref text);
            map(ref values);
            order.Add(int.Parse(text.ToString().AsSpan(4), System.Globalization.CultureInfo.InvariantCulture));
            Explained.IsMapOf(order[^1], [.. values.DenseValues()]);
        }

        return [.. order];
    }

    private sealed class Rereading(Func<IEnumerable<VectorRow>> rows) : IEnumerable<VectorRow>
    {
        public IEnumerator<VectorRow> GetEnumerator() => rows().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Output
    {
        public string Name { get; set; } = "";

        [VectorType(TinyNetwork.Side, TinyNetwork.Side)]
        public float[] Saliency { get; set; } = [];
    }
}
