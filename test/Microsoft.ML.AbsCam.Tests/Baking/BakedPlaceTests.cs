using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Saliency.Questions;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.AbsCam.Tests.Baking;

/// <summary>Regions, boxes and likenesses in a file, beside those of the model it was baked from: the same maps, classes, numbers and places for each row of a batch.</summary>
[TestClass]
public sealed class BakedPlaceTests
{
    private const int Rows = 9;
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> Regions =>
        from softmax in (bool[])[false, true]
        from target in (SaliencyTarget[])[
            SaliencyTarget.Predicted,
            SaliencyTarget.Region(SaliencyTarget.Class(2)),
            SaliencyTarget.Contrast(SaliencyTarget.RunnerUp),
            SaliencyTarget.Contrast(SaliencyTarget.Class(0), SaliencyTarget.Class("two"), 0.5)]
        select new object[] { softmax, target };

    public static IEnumerable<object[]> Boxes =>
        from anchorsFirst in (bool[])[false, true]
        from target in (SaliencyTarget[])[
            SaliencyTarget.Box(),
            SaliencyTarget.Box(SaliencyTarget.Class("one")),
            SaliencyTarget.Box(1, 1, 4, 4),
            SaliencyTarget.Box(3.5, 2.25, 3, 4, SaliencyTarget.Class(1)),
            SaliencyTarget.Box(-3, -3, 4, 4),
            SaliencyTarget.Contrast(SaliencyTarget.RunnerUp),
            SaliencyTarget.Contrast(SaliencyTarget.Class(0), SaliencyTarget.Class(1))]
        select new object[] { anchorsFirst, target };

    [TestMethod]
    [DynamicData(nameof(Regions))]
    public void A_region_in_a_file_is_that_of_the_model(bool softmax, SaliencyTarget target) => AreAlike(PlacedNetworks.Segmenter(softmax), target, SaliencyMethod.LayerCam);

    [TestMethod]
    [DataRow(false, DisplayName = "a logit a pixel")]
    [DataRow(true, DisplayName = "a probability a pixel")]
    public void A_region_of_the_one_class_of_a_file_is_that_of_the_model(bool sigmoid)
    {
        AreAlike(PlacedNetworks.OneClass(sigmoid), SaliencyTarget.Region(SaliencyTarget.Class(1)), SaliencyMethod.LayerCam, labels: ["not", "it"]);
        AreAlike(PlacedNetworks.OneClass(sigmoid), SaliencyTarget.Predicted, SaliencyMethod.GradCam, labels: ["not", "it"]);
    }

    [TestMethod]
    public void A_box_beside_a_background_in_a_file_is_that_of_the_model()
    {
        foreach (SaliencyTarget target in (SaliencyTarget[])[SaliencyTarget.Predicted, SaliencyTarget.Box(1, 1, 4, 4), SaliencyTarget.Box(SaliencyTarget.Class(2))])
        {
            AreAlike(PlacedNetworks.WithBackground(), target, SaliencyMethod.GradCam, labels: ["zero", "one", "background"]);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Boxes))]
    public void A_box_in_a_file_is_that_of_the_model(bool anchorsFirst, SaliencyTarget target) => AreAlike(PlacedNetworks.Detector(anchorsFirst), target, SaliencyMethod.GradCam);

    [TestMethod]
    public void A_likeness_in_a_file_is_that_of_the_model() => AreAlike(Embedder(), SaliencyTarget.Similar([0.5f, -2, 1]), SaliencyMethod.AbsCamInitial);

    [TestMethod]
    public void Of_boxes_that_are_as_sure_the_first_is_explained()
    {
        // A grey picture has the same scores at every place.
        IDataView rows = VectorRow.View(_context, [new VectorRow { Input = [.. Enumerable.Repeat(0.5f, 3 * 8 * 8)] }], 3, 8, 8);
        AreAlike(PlacedNetworks.Detector(), SaliencyTarget.Box(), SaliencyMethod.GradCam, rows);
        AreAlike(PlacedNetworks.Segmenter(), SaliencyTarget.Region(), SaliencyMethod.LayerCam, rows);
    }

    [TestMethod]
    public void A_place_that_made_up_images_have_nothing_of_is_baked_and_found_where_it_is()
    {
        // A speck in a corner is a small share of every box.
        byte[] far = Baked(PlacedNetworks.Detector(), new BakeOptions { Target = SaliencyTarget.Box(7.5, 7.5, 0.4, 0.4), Method = SaliencyMethod.LayerCam });
        using var session = new InferenceSession(far);
        using var image = OrtValue.CreateTensorValueFromMemory(OnnxModelBuilder.Numbers([2, 3, 8, 8], 5), [2, 3, 8, 8]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> found = session.Run(options, ["input"], [image], ["saliency", "saliency_box"]);
        Assert.IsTrue(found[0].GetTensorDataAsSpan<float>().ToArray().All(float.IsNaN), "There is nothing there, and no map of it.");
        Assert.IsTrue(found[1].GetTensorDataAsSpan<float>().ToArray().All(float.IsNaN));
    }

    [TestMethod]
    public void A_box_beside_the_input_is_refused_with_the_inputs_size()
    {
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => Baked(PlacedNetworks.Detector(), new BakeOptions { Target = SaliencyTarget.Box(60, 4, 9, 9), Method = SaliencyMethod.LayerCam }));
        StringAssert.Contains(refused.Message, "takes images of 8 x 8");
        StringAssert.Contains(refused.Message, "in pixels of the network's input");
    }

    [TestMethod]
    public void Measures_ask_a_baked_file_about_the_same_place()
    {
        IDataView rows = Images();
        var options = new AbsCamOptions { Target = SaliencyTarget.Box(1, 1, 4, 4), Method = SaliencyMethod.LayerCam, Columns = new() { Class = "Class", Status = "Status" } };
        using ImageNetwork original = ImageNetwork.FromOnnx(PlacedNetworks.Detector());
        using ImageNetwork baked = ImageNetwork.FromOnnx(Baked(PlacedNetworks.Detector(), new BakeOptions { Target = options.Target, Method = options.Method }));
        using AbsCamTransformer expected = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), original, options).Fit(rows);
        using AbsCamTransformer actual = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), baked, new AbsCamOptions { Columns = options.Columns }).Fit(rows);
        var measures = new SaliencyEvaluationOptions { Measures = [SaliencyMeasure.Deletion(), SaliencyMeasure.Insertion()] };
        SaliencyMetrics wanted = _context.Saliency.Evaluate(expected.Transform(rows), expected, measures);
        SaliencyMetrics got = _context.Saliency.Evaluate(actual.Transform(rows), actual, measures);
        Assert.AreEqual(wanted.Deletion!.Mean, got.Deletion!.Mean, 1e-4);
        Assert.AreEqual(wanted.Insertion!.Mean, got.Insertion!.Mean, 1e-4);
    }

    [TestMethod]
    public void What_a_file_says_of_its_place_has_to_be_so()
    {
        byte[] baked = Baked(PlacedNetworks.Detector(), new BakeOptions { Target = SaliencyTarget.Box(1, 1, 4, 4), Method = SaliencyMethod.LayerCam });
        foreach ((string key, string value) in ((string, string)[])[("question", "Place"), ("question.sides", "1 2 3"), ("question.sides", "5 1 4 9"), ("layout", "boxes 16 3 0 0 0"), ("layout", "maps 0 4 4 1")])
        {
            NetworkLoadException refused = Assert.ThrowsExactly<NetworkLoadException>(() => ImageNetwork.FromOnnx(Saying(baked, key, value)), key);
            StringAssert.Contains(refused.Message, $"'abscam.{key}' is '{value}'");
        }
    }

    private static byte[] Saying(byte[] file, string key, string value)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        model.MetadataProps.Single(fact => fact.Key == BakedPlan.Prefix + key).Value = value;
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }

    [TestMethod]
    public void What_was_not_baked_is_refused_with_what_was()
    {
        using ImageNetwork box = ImageNetwork.FromOnnx(Baked(PlacedNetworks.Detector(), new BakeOptions { Target = SaliencyTarget.Box(1, 1, 4, 4), Method = SaliencyMethod.LayerCam }));
        Assert.AreEqual("the detection at 1, 1, 4 x 4 of the network's input", new AbsCamOptions().FittedTo(box).Target.ToString());
        AbsCamOptions settled = new AbsCamOptions().FittedTo(box);
        Assert.AreEqual(settled.Target, settled.FittedTo(box).Target, "What was settled stays.");

        // The sides of photos are others than those of the input.
        StringAssert.Contains(Refused(box, SaliencyTarget.Box(1, 1, 4, 4)), "of the network's input is baked in, and not the detection at 1, 1, 4 x 4.");
        StringAssert.Contains(Refused(box, SaliencyTarget.Box()), "and not the most confident detection.");
        using ImageNetwork region = ImageNetwork.FromOnnx(Baked(PlacedNetworks.Segmenter(), new BakeOptions { Target = SaliencyTarget.Region(SaliencyTarget.Class(1)), Method = SaliencyMethod.LayerCam }));
        StringAssert.Contains(Refused(region, SaliencyTarget.Region(SaliencyTarget.Class(2))), "class 1 in its region is baked in");
        StringAssert.Contains(Refused(region, SaliencyTarget.Region(SaliencyTarget.Class(1), "Mask")), "in the mask in column 'Mask'.");
        Assert.AreEqual(NetworkTask.Segment, region.Task);
        Assert.IsNotNull(new AbsCamOptions { Target = SaliencyTarget.Class(1) }.FittedTo(region), "A class of pixels is asked about where the network finds it.");
        using ImageNetwork likeness = ImageNetwork.FromOnnx(Baked(Embedder(), new BakeOptions { Target = SaliencyTarget.Similar([1, 2, 3]), Method = SaliencyMethod.GradCam }));
        Assert.AreEqual(NetworkTask.Embed, likeness.Task);
        StringAssert.Contains(Refused(likeness, SaliencyTarget.Similar([1, 2, 4])), "the likeness to another picture");
        Assert.IsNotNull(new AbsCamOptions { Target = SaliencyTarget.Similar([1, 2, 3]) }.FittedTo(likeness));
    }

    [TestMethod]
    public void A_saved_pipeline_keeps_the_place()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Baked(PlacedNetworks.Detector(), new BakeOptions { Target = SaliencyTarget.Box(1, 1, 4, 4), Method = SaliencyMethod.LayerCam }));
        IDataView rows = Images();
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, new AbsCamOptions { Columns = new() { Box = "Box" } }).Fit(rows);
        using var file = new MemoryStream();
        _context.Model.Save(transformer, rows.Schema, file);
        file.Position = 0;
        using var loaded = (AbsCamTransformer)_context.Model.Load(file, out _);
        Assert.AreEqual(transformer.Options.Target.ToString(), loaded.Options.Target.ToString());
        CollectionAssert.AreEqual(Floats(transformer.Transform(rows), "Box"), Floats(loaded.Transform(rows), "Box"));
    }

    private static byte[] Embedder() => new OnnxModelBuilder().Input("input", 0, 3, 8, 8).Weight("w", 4, 3, 3, 3).Node("Conv", "input w", "a").Node("Relu", "a", "b")
        .Node("GlobalAveragePool", "b", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 4, 3).Node("MatMul", "flat v", "embedding").Output("embedding", 0, 3).ToBytes();

    private static byte[] Baked(byte[] model, BakeOptions options)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        using var file = new MemoryStream();
        network.Bake(file, options);
        return file.ToArray();
    }

    // One of them is of nothing, and one holds what is no number.
    private IDataView Images() => VectorRow.View(_context, Enumerable.Range(0, Rows).Select(row => new VectorRow
    {
        Input = [.. OnnxModelBuilder.Numbers([3, 8, 8], row + 2).Select((value, i) => row == 3 ? 0 : row == 5 && i == 70 ? float.NaN : (1 + (row % 3)) * value)],
    }), 3, 8, 8);

    private void AreAlike(byte[] model, SaliencyTarget target, SaliencyMethod method, IDataView? rows = null, string[]? labels = null)
    {
        rows ??= Images();
        using ImageNetwork original = ImageNetwork.FromOnnx(model);
        labels ??= target is SimilarityTarget ? null : [.. ((string[])["nought", "one", "two"]).Take(original.Shape.ClassCount)];
        var columns = new AbsCamColumns { Class = labels is null ? null : "Class", Probability = "Probability", Scores = "Scores", Status = "Status", Against = target.IsContrast ? "Against" : null };
        using ImageNetwork baked = ImageNetwork.FromOnnx(Baked(model, new BakeOptions { Target = target, Method = method, Labels = labels }));
        Assert.IsInstanceOfType<BakedImageNetwork>(baked);
        columns = original.Task switch
        {
            NetworkTask.Detect => columns with { Box = "Box" },
            NetworkTask.Segment => columns with { Region = "Region" },
            _ => columns,
        };
        using AbsCamTransformer expected = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), original, new AbsCamOptions { Target = target, Method = method, Columns = columns, Labels = labels, BatchSize = 4 }).Fit(rows);
        using AbsCamTransformer actual = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), baked, new AbsCamOptions { Columns = columns, Labels = labels, BatchSize = 4 }).Fit(rows);
        (IDataView wanted, IDataView got) = (expected.Transform(rows), actual.Transform(rows));
        CollectionAssert.AreEqual(Texts(wanted), Texts(got), $"{string.Join(' ', Texts(wanted))} and {string.Join(' ', Texts(got))}");
        Close.AreClose(Floats(wanted, Explained.Map), Floats(got, Explained.Map), 1e-4, "maps");
        Close.AreClose(Floats(wanted, "Scores"), Floats(got, "Scores"), 1e-5, "scores");
        Close.AreClose([.. wanted.GetColumn<float>("Probability")], [.. got.GetColumn<float>("Probability")], 1e-5, "probabilities");
        foreach (string key in new[] { columns.Class, columns.Against }.OfType<string>())
        {
            CollectionAssert.AreEqual(wanted.GetColumn<uint>(key).ToArray(), got.GetColumn<uint>(key).ToArray(), key);
        }

        if ((columns.Box ?? columns.Region) is string place)
        {
            Close.AreClose(Floats(wanted, place), Floats(got, place), 1e-4, place);
        }
    }

    private static string[] Texts(IDataView view) => [.. view.GetColumn<ReadOnlyMemory<char>>("Status").Select(text => text.ToString())];

    private static float[] Floats(IDataView view, string column) => [.. view.GetColumn<float[]>(column).SelectMany(row => row)];

    private static string Refused(ImageNetwork network, SaliencyTarget target) => Assert.ThrowsExactly<ArgumentException>(() => new AbsCamOptions { Target = target }.FittedTo(network)).Message;
}
