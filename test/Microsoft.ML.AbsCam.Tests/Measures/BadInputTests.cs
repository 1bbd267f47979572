using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>What is wrong with a row is said of that row, and what is wrong with all of them before the first is read.</summary>
[TestClass]
public sealed class BadInputTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(new float[0], "there is no box of the class")]
    [DataRow(new[] { 1f, 2f, 3f, 4f, 5f }, "the boxes have 5 numbers, and each box has four: left, top, right, bottom")]
    [DataRow(new[] { 8f, 0f, 12f, 4f }, "box 1 (8, 0, 12, 4) holds no pixel of the photo, which is 8 x 8 (width x height)")]
    [DataRow(new[] { -9f, -9f, -1f, -1f }, "box 1 (-9, -9, -1, -1) holds no pixel of the photo, which is 8 x 8 (width x height)")]
    [DataRow(new[] { 0f, 0f, 4f, 4f, 5f, 2f, 3f, 4f }, "box 2 (5, 2, 3, 4) is not left, top, right, bottom with right and bottom beyond left and top")]
    [DataRow(new[] { 1f, 1f, 1f, 4f }, "box 1 (1, 1, 1, 4) is not left, top, right, bottom with right and bottom beyond left and top")]
    [DataRow(new[] { 1f, float.NaN, 3f, 4f }, "box 1 (1, NaN, 3, 4) is not left, top, right, bottom with right and bottom beyond left and top")]
    [DataRow(new[] { 0f, 0f, float.PositiveInfinity, 4f }, "box 1 (0, 0, Infinity, 4) is not left, top, right, bottom with right and bottom beyond left and top")]
    public void A_wrong_box_is_named_and_only_what_needs_it_is_not_measured(float[] boxes, string reason)
    {
        MeasureRow[] rows = MeasureRow.Rows(3);
        rows[1].Boxes = boxes;
        SaliencyMetrics metrics = Evaluate(rows, MeasureRow.Options(SaliencyMeasure.PointingGame(), SaliencyMeasure.EnergyPointingGame, SaliencyMeasure.Complexity) with { BoxesColumn = nameof(MeasureRow.Boxes) });
        CollectionAssert.AreEqual((UnmeasuredRow[])[new(1, "pointing", reason), new(1, "energy-pointing", reason)], metrics.Unmeasured.ToArray());
        CollectionAssert.AreEqual((int[])[2, 2, 3], metrics.Measures.Select(result => result.Count).ToArray());
    }

    [TestMethod]
    public void A_box_that_lies_partly_outside_counts_as_far_as_it_lies_inside()
    {
        MeasureRow row = MeasureRow.Of(0);
        row.Boxes = [-100, -100, 4, 4];
        row.Saliency = [.. Enumerable.Range(0, TinyNetwork.Pixels).Select(i => i % 8 < 4 && i / 8 < 4 ? 1f : 0f)];
        Assert.AreEqual(1, Evaluate([row], MeasureRow.Options(SaliencyMeasure.EnergyPointingGame) with { BoxesColumn = nameof(MeasureRow.Boxes) }).EnergyPointingGame!.Mean, 1e-9);
    }

    [TestMethod]
    public void An_empty_mask_is_named()
    {
        MeasureRow[] rows = MeasureRow.Rows(2);
        rows[0].Mask = new float[TinyNetwork.Pixels];
        Assert.AreEqual("the mask is empty", Reason(rows, MeasureRow.Options(SaliencyMeasure.PointingGame()) with { MaskColumn = nameof(MeasureRow.Mask) }));
    }

    [TestMethod]
    public void A_mask_of_another_size_or_none_is_named()
    {
        PhotoMeasureRow[] rows = [PhotoMeasureRow.Pointing(40, 20, 8, 8, 1, 1), PhotoMeasureRow.Pointing(40, 20, 8, 8, 1, 1), PhotoMeasureRow.Pointing(40, 20, 8, 8, 1, 1)];
        rows[0].Mask = TestImage.Uniform(20, 40, 255);
        rows[2].Mask = TestImage.Uniform(40, 20, 0);
        SaliencyEvaluationOptions options = PhotoMeasureRow.Options(ResizeRule.Squash, SaliencyMeasure.PointingGame()) with { BoxesColumn = null, MaskColumn = nameof(PhotoMeasureRow.Mask) };
        CollectionAssert.AreEqual(
            (string[])["the mask is 20 x 40 and the photo 40 x 20 (width x height); a mask has its photo's size", "there is no mask", "the mask is empty"],
            PhotoMeasureRow.Measure(_context, options, rows).Select(row => row.Values[0].Reason).ToArray());
    }

    [TestMethod]
    public void A_map_that_is_not_finite_is_named()
    {
        MeasureRow[] rows = MeasureRow.Rows(2);
        rows[0].Saliency[7] = float.NaN;
        Assert.AreEqual("the map holds values that are not finite numbers", Reason(rows, MeasureRow.Options(SaliencyMeasure.Complexity)));
        rows[0].Saliency[7] = float.NegativeInfinity;
        Assert.AreEqual("the map holds values that are not finite numbers", Reason(rows, MeasureRow.Options(SaliencyMeasure.Complexity)));
    }

    [TestMethod]
    public void Why_there_is_no_map_is_what_the_status_says()
    {
        MeasureRow[] rows = MeasureRow.Rows(2);
        Array.Fill(rows[0].Saliency, float.NaN);
        (rows[0].Name, rows[1].Name) = ("Flat", "Ok");
        Assert.AreEqual("there is no map (Flat)", Reason(rows, MeasureRow.Options(SaliencyMeasure.Complexity) with { StatusColumn = nameof(MeasureRow.Name) }));
    }

    [TestMethod]
    public void A_map_of_a_length_that_fits_nothing_is_named()
    {
        MeasureRow[] rows = MeasureRow.Rows(2);
        rows[0].Saliency = new float[63];
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SaliencyMetrics metrics = _context.Saliency.Evaluate(MeasureRow.View(_context, rows), network, MeasureRow.Options(SaliencyMeasure.Complexity));
        Assert.AreEqual("the map has 63 values and its column gives no height and width; as many as the network's input has pixels are expected", metrics.Unmeasured.Single().Reason);
        Assert.AreEqual(1, metrics.Measures[0].Count);
    }

    [TestMethod]
    public void A_map_of_other_proportions_is_named_with_the_way_out()
    {
        MeasureRow[] rows = MeasureRow.Rows(2);
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        SaliencyMetrics metrics = _context.Saliency.Evaluate(MeasureRow.View(_context, rows, 4, 16), network, MeasureRow.Options(SaliencyMeasure.Complexity));
        Assert.HasCount(2, metrics.Unmeasured);
        StringAssert.Contains(metrics.Unmeasured[0].Reason, "the map is 4 x 16, which has not the proportions of the network's input, 8 x 8 (height x width)");
        StringAssert.Contains(metrics.Unmeasured[0].Reason, "SaliencyEvaluationOptions.MapExtent");
        Assert.IsTrue(double.IsNaN(metrics.Measures[0].Mean));
    }

    [TestMethod]
    public void A_map_outside_of_0_to_1_deletes_and_points_but_masks_nothing()
    {
        MeasureRow[] rows = MeasureRow.Rows(1);
        rows[0].Saliency = [.. rows[0].Saliency.Select(value => value * 3)];
        SaliencyMetrics metrics = Evaluate(rows, MeasureRow.Options());
        string[] measured = [.. metrics.Measures.Where(result => result.Count == 1).Select(result => result.Measure.Name)];
        CollectionAssert.AreEqual((string[])["deletion", "insertion", "insertion-deletion", "sparseness"], measured);
        Assert.IsTrue(metrics.Unmeasured.All(row => row.Reason == "the map has values outside of [0,1]"));
        CollectionAssert.AreEqual((string[])["drop", "increase", "gain", "complexity"], metrics.Unmeasured.Select(row => row.Measure).ToArray());
    }

    [TestMethod]
    public void A_class_that_the_network_does_not_have_is_named()
    {
        MeasureRow[] rows = MeasureRow.Rows(2);
        rows[0].Target = TinyNetwork.Classes;
        Assert.AreEqual("it asks for class 5, and the network has 5", Reason(rows, MeasureRow.Options(SaliencyMeasure.Complexity)));
        rows[0].Target = -1;
        Assert.AreEqual("there is no class, or none that the network has", Reason(rows, MeasureRow.Options(SaliencyMeasure.Complexity)));
    }

    [TestMethod]
    public void Scores_that_are_not_finite_are_named()
    {
        MeasureRow[] rows = MeasureRow.Rows(2);
        rows[0].Input[3] = float.NaN;
        Assert.AreEqual("the network's scores are not finite numbers", Reason(rows, MeasureRow.Options(SaliencyMeasure.Complexity)));
    }

    [TestMethod]
    [DataRow("Status")]
    [DataRow(null)]
    public void A_photo_that_cannot_be_read_leaves_the_others_measured(string? status)
    {
        using var folder = new PhotoFolder(4, corrupt: 2);
        IDataView files = folder.View(_context);
        using TransformerChain<AbsCamTransformer> chain = _context.Transforms.LoadImages("Image", folder.Path, nameof(PhotoFolder.FileRow.File))
            .Append(_context.Transforms.AbsCam("Saliency", "Image", TinyNetwork.Rectified.Open(), new AbsCamOptions { Preprocessing = Photos.Preprocessing, Columns = new() { Status = status } }))
            .Fit(files);
        SaliencyMetrics metrics = _context.Saliency.Evaluate(chain.Transform(files), chain.LastTransformer);
        Assert.AreEqual(4, metrics.Rows);
        Assert.AreEqual(2, metrics.Unmeasured.Single().Row);
        StringAssert.StartsWith(metrics.Unmeasured[0].Reason, "the image cannot be read: ");
        Assert.IsTrue(metrics.Measures.All(result => result.Count == 3), metrics.ToString());
    }

    [TestMethod]
    public void A_row_without_an_image_is_named()
    {
        PhotoMeasureRow[] rows = [PhotoMeasureRow.Pointing(40, 20, 8, 8, 1, 1, 0, 0, 5, 5), PhotoMeasureRow.Pointing(40, 20, 8, 8, 1, 1, 0, 0, 5, 5)];
        rows[0].Image = null;
        SaliencyRowMetrics[] measured = PhotoMeasureRow.Measure(_context, PhotoMeasureRow.Options(ResizeRule.Squash, SaliencyMeasure.PointingGame()), rows);
        Assert.AreEqual("there is no image", measured[0].Values[0].Reason);
        Assert.AreEqual((-1, 0), (measured[0].Target, measured[0].Forwards));
        Assert.IsTrue(measured[1].Values[0].IsMeasured);
    }

    [TestMethod]
    public void No_rows_are_nothing_to_measure()
        => Refused<ArgumentException>(MeasureRow.Options(), "The data has no rows, so there is nothing to measure.", []);

    [TestMethod]
    public void Columns_that_are_missing_or_mistyped_are_named_before_a_row_is_read()
    {
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { ImageColumn = null }, "Could not find input column 'Image'");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { MapColumn = "Heat" }, "Could not find map column 'Heat'");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { TargetColumn = "Class" }, "Could not find target column 'Class'");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { TargetColumn = nameof(MeasureRow.Number) }, "Schema mismatch for target column 'Number': expected key, integer, text, or vector of Single or Double with a score a class, got Single");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { BoxesColumn = nameof(MeasureRow.Name) }, "Schema mismatch for boxes column 'Name': expected vector of Single with four numbers a box, got String");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { MaskColumn = nameof(MeasureRow.Boxes) }, "Schema mismatch for mask column 'Boxes': expected image or vector of Single with dimensions [H,W]");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { StatusColumn = nameof(MeasureRow.Number) }, "Schema mismatch for status column 'Number': expected text, got Single");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { MapColumn = nameof(MeasureRow.Name) }, "Schema mismatch for map column 'Name'");
    }

    [TestMethod]
    public void Maps_of_several_classes_are_refused_with_the_advice_to_explain_one()
    {
        using AbsCamTransformer maker = Explained.Transformer(_context, new AbsCamOptions { Target = SaliencyTarget.Top(3) });
        IDataView explained = maker.Transform(TinyNetwork.View(_context, 2));
        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Saliency.Evaluate(explained, maker)).Message;
        StringAssert.Contains(message, "Schema mismatch for map column 'Saliency': expected vector of Single with dimensions [H,W], the map of one class (of several, explain one a row), got");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _context.Saliency.Evaluate(MeasureRow.View(_context, 2), maker, MeasureRow.Options(SaliencyMeasure.Adcc))).Message,
            "with one that explains one class a row");
    }

    [TestMethod]
    public void More_pixels_a_step_or_more_steps_than_there_are_pixels_are_refused()
    {
        const string Remedy = "and the network's input has 64 pixels. Give a number from 1 to that many.";
        Refused<ArgumentException>(Curve(65, null), $"PerturbationProtocol.StepPixels is 65, {Remedy}");
        Refused<ArgumentException>(Curve(0, null), $"PerturbationProtocol.StepPixels is 0, {Remedy}");
        Refused<ArgumentException>(Curve(null, 65), $"PerturbationProtocol.Steps is 65, {Remedy}");
        Refused<ArgumentException>(Curve(null, -1), $"PerturbationProtocol.Steps is -1, {Remedy}");

        static SaliencyEvaluationOptions Curve(int? pixels, int? steps)
            => MeasureRow.Options(SaliencyMeasure.Insertion(PerturbationProtocol.Rise with { StepPixels = pixels, Steps = steps ?? 28 }));
    }

    [TestMethod]
    public void What_a_measure_needs_and_has_not_is_named()
    {
        Refused<ArgumentException>(MeasureRow.Options(SaliencyMeasure.PointingGame()), "The measure 'pointing' needs to know where objects are. Name a column with SaliencyEvaluationOptions.BoxesColumn or MaskColumn.");
        Refused<ArgumentException>(MeasureRow.Options(SaliencyMeasure.Adcc), "The measure 'adcc' explains altered images, so it needs what makes the maps. Evaluate with the AbsCamTransformer in place of the network");
    }

    [TestMethod]
    public void Options_out_of_their_range_are_named()
    {
        Refused<ArgumentException>(MeasureRow.Options() with { BoxesColumn = nameof(MeasureRow.Boxes), MaskColumn = nameof(MeasureRow.Mask) }, "SaliencyEvaluationOptions.BoxesColumn and MaskColumn both say where objects are. Give one of them.");
        Refused<ArgumentException>(MeasureRow.Options() with { Measures = [] }, "SaliencyEvaluationOptions.Measures names one measure or more, or is null for all.");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { BatchSize = 0 }, "SaliencyEvaluationOptions.BatchSize is a number of images: 1 to 4096.");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { PassSize = 5000 }, "SaliencyEvaluationOptions.PassSize is a number of images: 1 to 4096.");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { MapExtent = (MapExtent)7 }, "SaliencyEvaluationOptions.MapExtent is one of Input, Photo.");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { Layout = (VectorLayout)7 }, "SaliencyEvaluationOptions.Layout is one of");
        Refused<ArgumentOutOfRangeException>(MeasureRow.Options() with { ScoreRule = (ScoreRule)7 }, "SaliencyEvaluationOptions.ScoreRule is one of");
    }

    [TestMethod]
    public void Photos_that_the_preprocessing_makes_of_another_size_are_refused()
        => StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => PhotoMeasureRow.Measure(
                _context, PhotoMeasureRow.Options(ResizeRule.Squash, SaliencyMeasure.PointingGame()) with { Preprocessing = ImagePreprocessing.ImageNet }, PhotoMeasureRow.Pointing(9, 9, 8, 8, 0, 0))).Message,
            "SaliencyEvaluationOptions.Preprocessing makes images of 224 x 224, and the network 'network.onnx' takes 8 x 8");

    [TestMethod]
    public void A_disposed_transformer_measures_nothing()
    {
        AbsCamTransformer maker = Explained.Transformer(_context);
        maker.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => _context.Saliency.Evaluate(MeasureRow.View(_context, 2), maker, MeasureRow.Options()));
    }

    private SaliencyMetrics Evaluate(MeasureRow[] rows, SaliencyEvaluationOptions options)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        return _context.Saliency.Evaluate(MeasureRow.View(_context, rows, TinyNetwork.Side, TinyNetwork.Side), network, options);
    }

    /// <summary>Why the first row is not measured; the others must be.</summary>
    private string Reason(MeasureRow[] rows, SaliencyEvaluationOptions options)
    {
        SaliencyMetrics metrics = Evaluate(rows, options);
        Assert.AreEqual((rows.Length - 1, 1), (metrics.Measures[0].Count, metrics.Measures[0].Unmeasured));
        UnmeasuredRow row = metrics.Unmeasured.Single();
        Assert.AreEqual(0, row.Row);
        return row.Reason;
    }

    private void Refused<T>(SaliencyEvaluationOptions options, string message, MeasureRow[]? rows = null)
        where T : Exception
        => StringAssert.Contains(Assert.ThrowsExactly<T>(() => Evaluate(rows ?? MeasureRow.Rows(2), options)).Message, message);
}
