using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>What is wrong with a row is said of that row, and the others go on.</summary>
[TestClass]
public sealed class RowErrorTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly RunLog _log;

    public RowErrorTests() => _log = new RunLog(_context);

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void A_photo_that_cannot_be_read_throws_for_its_row_alone(int batchSize)
    {
        using var folder = new PhotoFolder(4, corrupt: 2);
        IDataView explained = Explain(folder, new AbsCamOptions { BatchSize = batchSize });
        using DataViewRowCursor cursor = explained.GetRowCursor([explained.Schema[Explained.Map]]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(explained.Schema[Explained.Map]);
        VBuffer<float> map = default;
        for (int row = 0; row < 4; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            if (row == 2)
            {
                StringAssert.Contains(Assert.Throws<Exception>(() => getter(ref map)).ToString(), "ImageLoadingTransformer", "the source's own exception, with its stack");
            }
            else
            {
                getter(ref map);
                IsPhotoMap(row, [.. map.DenseValues()]);
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(4)]
    public void With_a_status_column_an_unreadable_photo_says_so_there_and_in_the_log(int batchSize)
    {
        using var folder = new PhotoFolder(4, corrupt: 2);
        IDataView explained = Explain(folder, new AbsCamOptions { BatchSize = batchSize, Columns = new() { Status = "Status", Probability = "Probability", Class = "Class", Forwards = "Forwards", Scores = "Scores", Overlay = "Overlay" } });
        Assert.AreEqual("Ok, Ok, UnreadableImage, Ok", string.Join(", ", explained.GetColumn<string>("Status")));
        float[][] maps = explained.Maps();
        Assert.IsTrue(maps[2].All(float.IsNaN));
        IsPhotoMap(1, maps[1]);
        IsPhotoMap(3, maps[3]);
        Assert.IsTrue(float.IsNaN(explained.GetColumn<float>("Probability").ElementAt(2)));
        Assert.AreEqual(0u, explained.GetColumn<uint>("Class").ElementAt(2));
        Assert.AreEqual(0, explained.GetColumn<int>("Forwards").ElementAt(2));
        Assert.IsNull(explained.GetColumn<MLImage>("Overlay").ElementAt(2));
        Assert.IsTrue(explained.GetColumn<VBuffer<float>>("Scores").ElementAt(2).DenseValues().All(float.IsNaN));
        StringAssert.Contains(_log.Warnings[0], "Row 2");
        Assert.HasCount(1, _log.Warnings.Where(warning => !warning.Contains("Row 2", StringComparison.Ordinal)).ToArray(), "the second pass is told of, once");
    }

    [TestMethod]
    public void A_row_without_an_image_has_a_map_of_NaN_and_a_warning()
    {
        PhotoRow[] rows = Photos.Rows(3);
        rows[1].Image = null;
        IDataView explained = ExplainPhotos(rows, new AbsCamOptions { Columns = new() { Status = "Status" } });
        Assert.AreEqual("Ok, UnreadableImage, Ok", string.Join(", ", explained.GetColumn<string>("Status")));
        Assert.IsTrue(explained.Maps()[1].All(float.IsNaN));
        IsPhotoMap(2, explained.Maps()[2]);
        StringAssert.Contains(_log.Warnings[0], "Row 1: there is no image to explain in column 'Image'");
        Assert.IsTrue(ExplainPhotos(rows, new AbsCamOptions()).Maps()[1].All(float.IsNaN));
    }

    [TestMethod]
    public void A_flat_map_is_no_map()
    {
        VectorRow[] rows = TinyNetwork.Rows(2);
        Array.Fill(rows[0].Input, -100f);
        using var module = new TinyModule();
        using (TorchSharp.torch.no_grad())
        {
            foreach ((string name, TorchSharp.Modules.Parameter parameter) in module.named_parameters())
            {
                if (name == "conv.bias")
                {
                    parameter.zero_();
                }
                else if (name == "conv.weight")
                {
                    parameter.abs_();
                }
            }
        }

        IDataView explained = ExplainVectors(rows, new AbsCamOptions { Columns = new() { Status = "Status" }, Method = SaliencyMethod.AbsCamInitial }, module.Open());
        Assert.AreEqual("Flat, Ok", string.Join(", ", explained.GetColumn<string>("Status")));
        Assert.IsTrue(explained.Maps()[0].All(float.IsNaN));
        StringAssert.Contains(_log.Warnings[0], "Row 0: the map has one value everywhere");
    }

    [TestMethod]
    public void Scores_that_are_not_finite_leave_the_other_rows_whole()
    {
        VectorRow[] rows = TinyNetwork.Rows(3);
        rows[1].Input[5] = float.NaN;
        IDataView explained = ExplainVectors(rows, new AbsCamOptions { Columns = new() { Status = "Status" } });
        Assert.AreEqual("Ok, NotFinite, Ok", string.Join(", ", explained.GetColumn<string>("Status")));
        float[][] maps = explained.Maps();
        Explained.IsMapOf(0, maps[0]);
        Assert.IsTrue(maps[1].All(float.IsNaN));
        Explained.IsMapOf(2, maps[2]);
        StringAssert.Contains(_log.Warnings[0], "Row 1");
    }

    [TestMethod]
    public void An_integer_column_asks_for_classes_and_may_ask_for_one_that_is_not_there()
    {
        VectorRow[] rows = TinyNetwork.Rows(4);
        (rows[0].Target, rows[1].Target, rows[2].Target, rows[3].Target) = (3, -1, TinyNetwork.Classes, 4);
        CheckTargets(ExplainVectors(rows, ByColumn(nameof(VectorRow.Target))), 3, null, null, 4);
        StringAssert.Contains(_log.Warnings[0], "Row 1: the class that is asked for is none of the network's classes (there are 5)");
    }

    [TestMethod]
    public void A_key_column_with_names_is_read_by_name_where_there_are_labels()
    {
        IDataView rows = Named("ship", "dog", "zebra", "cat");
        IDataView keys = _context.Transforms.Conversion.MapValueToKey("Asked", nameof(VectorRow.Name)).Fit(rows).Transform(rows);
        CheckTargets(Explain(keys, ByColumn("Asked") with { Labels = TinyNetwork.Labels }), 2, 1, null, 0);
    }

    [TestMethod]
    public void A_text_column_holds_labels_or_indices()
        => CheckTargets(Explain(Named("ship", "1", "zebra", "99"), ByColumn(nameof(VectorRow.Name)) with { Labels = TinyNetwork.Labels }), 2, 1, null, null);

    [TestMethod]
    public void A_pass_that_fails_throws_for_every_row_of_its_batch_and_not_for_the_next()
    {
        using var module = new TinyModule();
        module.BeforePass = input =>
        {
            using TorchSharp.torch.Tensor greatest = input.max();
            if (greatest.item<float>() > 50)
            {
                throw new InvalidOperationException("the network broke");
            }
        };
        VectorRow[] rows = TinyNetwork.Rows(6);
        rows[1].Input[0] = 100;
        IDataView explained = ExplainVectors(rows, new AbsCamOptions { BatchSize = 2 }, module.Open());
        using DataViewRowCursor cursor = explained.GetRowCursor(explained.Schema);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(explained.Schema[Explained.Map]);
        VBuffer<float> map = default;
        for (int row = 0; row < 6; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            if (row < 2)
            {
                Assert.AreEqual("the network broke", Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref map)).Message);
                Assert.ThrowsExactly<InvalidOperationException>(() => getter(ref map));
            }
            else
            {
                getter(ref map);
                Explained.IsMapOf(row, [.. map.DenseValues()]);
            }
        }
    }

    private static AbsCamOptions ByColumn(string name) => new() { Target = SaliencyTarget.Column(name), Columns = new() { Status = "Status", Class = "Class" } };

    private static void CheckTargets(IDataView explained, params int?[] classes)
    {
        string[] status = [.. explained.GetColumn<string>("Status")];
        uint[] keys = [.. explained.GetColumn<uint>("Class")];
        float[][] maps = explained.Maps();
        for (int row = 0; row < classes.Length; row++)
        {
            if (classes[row] is int target)
            {
                Assert.AreEqual("Ok", status[row], $"row {row}");
                Assert.AreEqual((uint)target + 1, keys[row], $"row {row}");
                Close.AreClose(BruteForceAbsCam.Explain(TinyNetwork.Rectified, TinyNetwork.Image(row), target).Map, maps[row], Explained.Tolerance, $"row {row}");
            }
            else
            {
                Assert.AreEqual("TargetOutOfRange", status[row], $"row {row}");
                Assert.AreEqual(0u, keys[row], $"row {row}");
                Assert.IsTrue(maps[row].All(float.IsNaN), $"row {row}");
            }
        }
    }

    private static void IsPhotoMap(int number, float[] map)
        => Close.AreClose(BruteForceAbsCam.Explain(TinyNetwork.Rectified, Photos.Input(number)).Map, map, Explained.Tolerance, $"photo {number}");

    private IDataView Named(params string[] names)
    {
        VectorRow[] rows = TinyNetwork.Rows(names.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i].Name = names[i];
        }

        return TinyNetwork.View(_context, rows);
    }

    private IDataView ExplainVectors(VectorRow[] rows, AbsCamOptions options, ImageNetwork? network = null) => Explain(TinyNetwork.View(_context, rows), options, network);

    private IDataView Explain(IDataView rows, AbsCamOptions options, ImageNetwork? network = null)
        => _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network ?? TinyNetwork.Rectified.Open(), options).Fit(rows).Transform(rows);

    private IDataView ExplainPhotos(PhotoRow[] rows, AbsCamOptions options)
    {
        ImageNetwork network = TinyNetwork.Rectified.Open();
        IDataView view = _context.Data.LoadFromEnumerable(rows);
        return _context.Transforms.AbsCam(Explained.Map, nameof(PhotoRow.Image), network, options with { Preprocessing = Photos.Preprocessing }).Fit(view).Transform(view);
    }

    private IDataView Explain(PhotoFolder folder, AbsCamOptions options)
    {
        IDataView files = folder.View(_context);
        return _context.Transforms.LoadImages("Image", folder.Path, nameof(PhotoFolder.FileRow.File))
            .Append(_context.Transforms.AbsCam(Explained.Map, "Image", TinyNetwork.Rectified.Open(), options with { Preprocessing = Photos.Preprocessing }))
            .Fit(files).Transform(files);
    }
}
