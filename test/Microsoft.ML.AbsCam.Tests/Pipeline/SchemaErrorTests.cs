using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>Wrong columns and options are refused before a row is read, everywhere in the same words.</summary>
[TestClass]
public sealed class SchemaErrorTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("Missing", "Could not find input column 'Missing'")]
    [DataRow("Name", "Schema mismatch for input column 'Name': expected image or known-size vector of Single with dimensions [C,H,W] or [H,W,C], got ")]
    [DataRow("Number", "Schema mismatch for input column 'Number': expected image or known-size vector of Single with dimensions [C,H,W] or [H,W,C], got ")]
    public void A_wrong_input_column_is_refused_by_all_four(string column, string message)
        => RefusedByAllFour<ArgumentOutOfRangeException>(column, new AbsCamOptions(), message);

    [TestMethod]
    [DataRow("Missing", "Could not find target column 'Missing'")]
    [DataRow("Number", "Schema mismatch for target column 'Number': expected key, integer, text, or vector of Single or Double with a score a class, got ")]
    public void A_wrong_target_column_is_refused_by_all_four(string column, string message)
        => RefusedByAllFour<ArgumentOutOfRangeException>("Input", new AbsCamOptions { Target = SaliencyTarget.Column(column) }, message);

    [TestMethod]
    public void Labels_that_are_not_one_a_class_are_refused_by_all_four()
        => RefusedByAllFour<ArgumentException>("Input", new AbsCamOptions { Labels = ["a", "b"] }, "There are 2 labels, and the network 'network.onnx' scores 5 classes");

    [TestMethod]
    public void A_class_or_a_number_of_classes_beyond_the_network_is_refused_by_all_four()
    {
        RefusedByAllFour<ArgumentException>("Input", new AbsCamOptions { Target = SaliencyTarget.Class(5) }, "The target class 5 does not exist: the network 'network.onnx' scores 5 classes, 0 to 4");
        RefusedByAllFour<ArgumentException>("Input", new AbsCamOptions { Target = SaliencyTarget.Top(6) }, "The top 6 classes are asked for, and the network 'network.onnx' scores 5");
    }

    [TestMethod]
    public void An_overlay_over_vectors_is_refused_by_all_four()
        => RefusedByAllFour<ArgumentException>("Input", new AbsCamOptions { Columns = new() { Overlay = "Overlay" } }, "The overlay column 'Overlay' needs photos, and 'Input' holds vectors");

    [TestMethod]
    [DataRow(3, 9, 8)]
    [DataRow(8, 8, 4)]
    [DataRow(1, 8, 8)]
    public void A_vector_of_another_size_is_refused_before_a_row_is_read(int first, int second, int third)
    {
        IDataView good = TinyNetwork.View(_context, 1);
        IDataView bad = VectorRow.View(_context, [], first, second, third);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamEstimator estimator = _context.Transforms.AbsCam(Explained.Map, "Input", network);
        AbsCamTransformer transformer = estimator.Fit(good);
        foreach (Action use in (Action[])[() => estimator.Fit(bad), () => transformer.Transform(bad), () => transformer.GetOutputSchema(bad.Schema), () => transformer.GetRowToRowMapper(bad.Schema)])
        {
            StringAssert.StartsWith(
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(use).Message,
                "Schema mismatch for input column 'Input': expected vector of Single with dimensions [3,8,8] or [8,8,3], as the network 'network.onnx' takes it, got ");
        }

        Assert.IsFalse(network.IsLoaded);
    }

    [TestMethod]
    public void A_vector_of_unknown_size_or_without_dimensions_is_refused()
    {
        SchemaDefinition flat = SchemaDefinition.Create(typeof(VectorRow));
        flat["Input"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, TinyNetwork.InputLength);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        foreach (IDataView view in (IDataView[])[_context.Data.LoadFromEnumerable<VectorRow>([]), _context.Data.LoadFromEnumerable<VectorRow>([], flat)])
        {
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.AbsCam(Explained.Map, "Input", network).Fit(view)).Message, "[C,H,W] or [H,W,C]");
        }
    }

    [TestMethod]
    public void A_size_that_the_file_leaves_open_is_checked_when_the_network_is_read()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(TinyNetwork.Rectified.ToOnnx(side: 0), 16, 16);
        IDataView bad = TinyNetwork.View(_context, 1);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.AbsCam(Explained.Map, "Input", network).Fit(bad)).Message, "[3,16,16]");
        using ImageNetwork open = ImageNetwork.FromOnnx(TinyNetwork.Rectified.ToOnnx(side: 0));
        AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, "Input", open).Fit(bad);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => transformer.Transform(bad).Maps()).Message, "[3,224,224]");
    }

    [TestMethod]
    public void Photos_are_refused_for_a_network_of_two_channels()
    {
        byte[] model = new OnnxModelBuilder().Input("input", 0, 2, 8, 8).Weight("k", 2, 2, 3, 3).Node("Conv", "input k", "map").Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "scores").Output("scores", 0, 2).ToBytes();
        IDataView view = _context.Data.LoadFromEnumerable(Photos.Rows(1));
        using ImageNetwork network = ImageNetwork.FromOnnx(model, 8, 8);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.AbsCam(Explained.Map, "Image", network).Fit(view)).Message,
            "Schema mismatch for input column 'Image': expected vector of Single with dimensions [2,8,8], because the network 'network.onnx' takes 2 channels and photos have three, or one of grey levels, got ");
        IDataView grey = VectorRow.View(_context, [new VectorRow { Input = OnnxModelBuilder.Numbers([128], 3) }], 2, 8, 8);
        Assert.HasCount(64, _context.Transforms.AbsCam(Explained.Map, "Input", network).Fit(grey).Transform(grey).Maps().Single());
    }

    [TestMethod]
    public void Preprocessing_to_another_size_is_refused()
    {
        IDataView view = _context.Data.LoadFromEnumerable(Photos.Rows(1));
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.AbsCam(Explained.Map, "Image", network, new AbsCamOptions { Preprocessing = ImagePreprocessing.ImageNet }).Fit(view)).Message,
            "AbsCamOptions.Preprocessing makes images of 224 x 224, and the network 'network.onnx' takes 8 x 8");
    }

    [TestMethod]
    public void An_option_out_of_range_is_named_when_the_estimator_is_made()
    {
        Refused(new AbsCamOptions { BatchSize = 0 }, "AbsCamOptions.BatchSize");
        Refused(new AbsCamOptions { BatchSize = 5000 }, "AbsCamOptions.BatchSize");
        Refused(new AbsCamOptions { MaskBatchSize = 0 }, "AbsCamOptions.MaskBatchSize");
        Refused(new AbsCamOptions { Tolerance = 1 }, "AbsCamOptions.Tolerance");
        Refused(new AbsCamOptions { Tolerance = double.NaN }, "AbsCamOptions.Tolerance");
        Refused(new AbsCamOptions { ToleranceKind = (ToleranceKind)7 }, "AbsCamOptions.ToleranceKind");
        Refused(new AbsCamOptions { Labels = [] }, "AbsCamOptions.Labels");
        Refused(new AbsCamOptions { Layout = (VectorLayout)7 }, "AbsCamOptions.Layout");
        Refused(new AbsCamOptions { MapSize = (MapSize)7 }, "AbsCamOptions.MapSize");
        Refused(new AbsCamOptions { GpuDeviceId = -1 }, "AbsCamOptions.GpuDeviceId");
        Refused(new AbsCamOptions { Preprocessing = new ImagePreprocessing { Width = 0 } }, "ImagePreprocessing.Width");
        Refused(new AbsCamOptions { Target = SaliencyTarget.Class("dog") }, "AbsCamOptions.Labels");
        Refused(new AbsCamOptions { Target = SaliencyTarget.Class(7), Labels = TinyNetwork.Labels }, "There are 5 labels");
        Refused(new AbsCamOptions { Target = SaliencyTarget.Class("hoarse"), Labels = TinyNetwork.Labels }, "Did you mean 'horse'");
        Refused(new AbsCamOptions { Labels = ["a", null!] }, "AbsCamOptions.Labels");
        Refused(new AbsCamOptions { Columns = new() { Status = "" } }, "AbsCamOptions.Columns.Status");
        Refused(new AbsCamOptions { Target = null! }, "Target");
        Refused(new AbsCamOptions { Columns = null! }, "Columns");
        Refused(new AbsCamOptions { Overlay = new OverlayOptions { Opacity = 2 } }, "OverlayOptions.Opacity");
        Refused(new AbsCamOptions { Columns = new() { Class = "Same", Status = "Same" } }, "Two output columns are named 'Same'");
    }

    [TestMethod]
    public void An_unknown_layer_is_named_with_near_ones()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Layers = ["mapp"] });
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => transformer.Layer).Message, "no layer named 'mapp'. Did you mean 'map'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => transformer.Transform(TinyNetwork.View(_context, 1)).Maps()).Message, "Did you mean 'map'");
    }

    [TestMethod]
    public void A_missing_file_is_named()
        => StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => _context.Transforms.AbsCam("Saliency", "Image", "nowhere.onnx")).Message, "nowhere.onnx");

    private void Refused(AbsCamOptions options, string message)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _context.Transforms.AbsCam("Saliency", "Image", network, options)).Message, message);
    }

    private void RefusedByAllFour<T>(string column, AbsCamOptions options, string message)
        where T : Exception
    {
        IDataView view = TinyNetwork.View(_context, 1);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamEstimator estimator = _context.Transforms.AbsCam(Explained.Map, column, network, options);
        StringAssert.StartsWith(Assert.ThrowsExactly<T>(() => estimator.GetOutputSchema(Explained.Shape(view.Schema))).Message, message);
        StringAssert.StartsWith(Assert.ThrowsExactly<T>(() => estimator.Fit(view)).Message, message);
        var transformer = new AbsCamTransformer(_context, Explained.Map, column, network, options, ownsNetwork: false);
        StringAssert.StartsWith(Assert.ThrowsExactly<T>(() => transformer.Transform(view)).Message, message);
        StringAssert.StartsWith(Assert.ThrowsExactly<T>(() => transformer.GetOutputSchema(view.Schema)).Message, message);
        StringAssert.StartsWith(Assert.ThrowsExactly<T>(() => transformer.GetRowToRowMapper(view.Schema)).Message, message);
        Assert.IsFalse(network.IsLoaded);
    }
}
