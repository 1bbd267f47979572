using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>Rows are read once, a batch at a time, from any view.</summary>
[TestClass]
public sealed class StreamingTests
{
    private const double Tolerance = 1e-6;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Rows_are_read_as_they_are_enumerated_and_no_more_than_a_batch_ahead()
    {
        int read = 0;
        IEnumerable<MeasureRow> source()
        {
            for (int i = 0; ; i++)
            {
                read++;
                yield return MeasureRow.Of(i);
            }
        }

        using ImageNetwork network = TinyNetwork.Rectified.Open();
        IEnumerable<SaliencyRowMetrics> rows = _context.Saliency.EvaluateRows(
            MeasureRow.View(_context, source(), TinyNetwork.Side, TinyNetwork.Side), network, MeasureRow.Options(SaliencyMeasure.Deletion()) with { BatchSize = 4 });
        Assert.AreEqual(0, read, "before the first");
        Assert.AreEqual(0, rows.First().Row);
        Assert.AreEqual(4, read, "one batch, of data without an end");
        read = 0;
        CollectionAssert.AreEqual((long[])[0, 1, 2, 3, 4, 5], rows.Take(6).Select(row => row.Row).ToArray());
        Assert.AreEqual(8, read, "two batches");
    }

    [TestMethod]
    public void Sizes_of_batches_and_passes_change_nothing()
    {
        const int Count = 11;
        MeasureRow[] rows = MeasureRow.Rows(Count);
        rows[3].Input[0] = float.NaN;
        Array.Fill(rows[7].Saliency, 0);
        rows[9].Saliency[0] = 2;
        using AbsCamTransformer maker = Explained.Transformer(_context);
        IDataView view = MeasureRow.View(_context, rows, TinyNetwork.Side, TinyNetwork.Side);
        SaliencyEvaluationOptions options = MeasureRow.Options() with { MapColumn = nameof(MeasureRow.Saliency), BoxesColumn = nameof(MeasureRow.Boxes) };
        SaliencyRowMetrics[]? expected = null;
        foreach (int batch in (int[])[1, 3, 8])
        {
            foreach (int pass in (int[])[1, 5, 64])
            {
                SaliencyRowMetrics[] measured = [.. _context.Saliency.EvaluateRows(view, maker, options with { BatchSize = batch, PassSize = pass })];
                expected ??= measured;
                Assert.HasCount(Count, measured);
                AreEqual(expected, measured, $"batches of {batch}, passes of {pass}");
            }
        }

        Assert.IsTrue(expected![0].Values.All(value => value.IsMeasured), "every measure");
    }

    [TestMethod]
    public void Memory_holds_no_more_than_a_batch()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        IDataView view = MeasureRow.View(_context, Enumerable.Range(0, 400).Select(MeasureRow.Of), TinyNetwork.Side, TinyNetwork.Side);
        _ = _context.Saliency.Evaluate(MeasureRow.View(_context, 1), network, MeasureRow.Options(SaliencyMeasure.Complexity));
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        long most = 0;
        foreach (SaliencyRowMetrics row in _context.Saliency.EvaluateRows(view, network, MeasureRow.Options(SaliencyMeasure.Deletion(), SaliencyMeasure.Insertion())))
        {
            most = Math.Max(most, DisposeScopeManager.Statistics.ThreadTotalLiveCount - before);
        }

        Assert.IsTrue(most <= 1, $"{most} tensors live between rows, and one is the buffer of a pass");
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount, "none is left");
    }

    [TestMethod]
    public void A_scope_of_the_callers_may_end_between_two_rows()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        using IEnumerator<SaliencyRowMetrics> rows = _context.Saliency.EvaluateRows(
            MeasureRow.View(_context, 3), network, MeasureRow.Options(SaliencyMeasure.Deletion()) with { BatchSize = 1 }).GetEnumerator();
        for (int i = 0; i < 3; i++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Assert.IsTrue(rows.MoveNext());
            Assert.IsTrue(rows.Current.Values[0].IsMeasured);
        }
    }

    [TestMethod]
    public void A_saved_and_loaded_pipeline_measures_the_same()
    {
        using var file = new TemporaryFile(".zip");
        IDataView view = TinyNetwork.View(_context, 5);
        var options = new SaliencyEvaluationOptions { BatchSize = 2 };
        SaliencyRowMetrics[] expected;
        using (AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Columns = new() { Class = "Class", Status = "Status" } }))
        {
            expected = [.. _context.Saliency.EvaluateRows(maker.Transform(view), maker, options)];
            _context.Model.Save(maker, view.Schema, file.Path);
        }

        var other = new MLContext();
        using var loaded = (AbsCamTransformer)other.Model.Load(file.Path, out _);
        AreEqual(expected, [.. other.Saliency.EvaluateRows(loaded.Transform(view), loaded, options)], "loaded");
    }

    [TestMethod]
    public void A_filtered_view_is_measured_as_its_rows_alone()
    {
        using AbsCamTransformer maker = Explained.Transformer(_context);
        IDataView explained = maker.Transform(TinyNetwork.View(_context, 9));
        SaliencyRowMetrics[] all = [.. _context.Saliency.EvaluateRows(explained, maker)];
        IDataView filtered = _context.Data.FilterRowsByColumn(explained, nameof(VectorRow.Number), 3, 7);
        SaliencyRowMetrics[] some = [.. _context.Saliency.EvaluateRows(filtered, maker)];
        Assert.HasCount(4, some);
        AreEqual(all[3..7], some, "filtered");
    }

    [TestMethod]
    public void Forwards_are_counted_and_shared_between_measures()
    {
        using var module = new TinyModule();
        using AbsCamTransformer maker = Explained.Transformer(_context, network: module.Open());
        SaliencyMeasure[] curves = [SaliencyMeasure.Deletion(), SaliencyMeasure.Insertion(), SaliencyMeasure.InsertionMinusDeletion()];

        // 22 steps of 3 pixels: the untouched image, 22 without pixels, 22 with pixels put back.
        Assert.AreEqual((3 * 45, 3 * 45), Forwards(curves));
        Assert.AreEqual((3 * 46, 3 * 46), Forwards([.. curves, SaliencyMeasure.AverageDrop, SaliencyMeasure.AverageGain, SaliencyMeasure.Complexity]));
        (long counted, long run) = Forwards([SaliencyMeasure.Coherency, SaliencyMeasure.Adcc]);
        Assert.AreEqual(run, counted, "those of the second map too");
        Assert.IsTrue(counted > 3 * 3);
        Assert.AreEqual((3L, 3L), Forwards([SaliencyMeasure.Complexity]));

        (long Counted, long Run) Forwards(SaliencyMeasure[] measures)
        {
            IDataView view = MeasureRow.View(_context, 3);
            SaliencyEvaluationOptions options = MeasureRow.Options(measures) with { MapColumn = nameof(MeasureRow.Saliency) };
            _ = maker.Explainer;
            module.Passes.Clear();
            long counted = _context.Saliency.Evaluate(view, maker, options).Forwards;
            return (counted, module.Passes.Sum());
        }
    }

    [TestMethod]
    public void Passes_are_full_across_rows_and_measures()
    {
        using var module = new TinyModule();
        using ImageNetwork network = module.Open();
        _ = network.Shape;
        module.Passes.Clear();
        _ = _context.Saliency.Evaluate(
            MeasureRow.View(_context, 4), network, MeasureRow.Options(SaliencyMeasure.Deletion(), SaliencyMeasure.Insertion()) with { BatchSize = 4, PassSize = 16 });
        CollectionAssert.AreEqual((long[])[4, .. Enumerable.Repeat(16L, 11)], module.Passes, "4 untouched ones, and 4 x 44 in elevens of 16");
    }

    [TestMethod]
    public void Classes_come_from_keys_integers_and_names()
    {
        MeasureRow[] rows = MeasureRow.Rows(5);
        IDataView view = MeasureRow.View(_context, rows, TinyNetwork.Side, TinyNetwork.Side);
        view = _context.Transforms.Conversion.MapValueToKey("Key", nameof(MeasureRow.Name)).Fit(view).Transform(view);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        foreach (string column in (string[])[nameof(MeasureRow.Target), nameof(MeasureRow.Name), "Key"])
        {
            SaliencyEvaluationOptions options = MeasureRow.Options(SaliencyMeasure.Complexity) with { TargetColumn = column, Labels = TinyNetwork.Labels };
            int[] classes = [.. _context.Saliency.EvaluateRows(view, network, options).Select(row => row.Target)];
            CollectionAssert.AreEqual((int[])[0, 1, 2, 3, 4], classes, column);
        }
    }

    [TestMethod]
    public void Rows_of_several_runs_are_summed_up_together()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SaliencyMeasure[] measures = [SaliencyMeasure.Deletion(), SaliencyMeasure.AverageDrop];
        IDataView view = MeasureRow.View(_context, 6);
        SaliencyMetrics whole = _context.Saliency.Evaluate(view, network, MeasureRow.Options(measures));
        IEnumerable<SaliencyRowMetrics> part(IDataView rows) => _context.Saliency.EvaluateRows(rows, network, MeasureRow.Options(measures));
        SaliencyMetrics parts = SaliencyMetrics.Of(measures, part(_context.Data.TakeRows(view, 3)).Concat(part(_context.Data.SkipRows(view, 3))));
        for (int i = 0; i < measures.Length; i++)
        {
            Assert.AreEqual(whole.Measures[i].Mean, parts.Measures[i].Mean, Tolerance);
            Assert.AreEqual(whole.Measures[i].Lower, parts.Measures[i].Lower, Tolerance);
        }
    }

    private static void AreEqual(SaliencyRowMetrics[] expected, SaliencyRowMetrics[] actual, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        for (int row = 0; row < expected.Length; row++)
        {
            Assert.AreEqual((expected[row].Target, expected[row].Forwards), (actual[row].Target, actual[row].Forwards), $"{what}: row {row}");
            for (int i = 0; i < expected[row].Values.Count; i++)
            {
                Assert.AreEqual(expected[row].Values[i].Reason, actual[row].Values[i].Reason, $"{what}: row {row}, value {i}");
                Assert.AreEqual(expected[row].Values[i].Value, actual[row].Values[i].Value, Tolerance, $"{what}: row {row}, value {i}");
            }
        }
    }
}
