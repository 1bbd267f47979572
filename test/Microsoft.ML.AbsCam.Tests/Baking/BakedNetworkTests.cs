using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Baking;

/// <summary>A baked file as the network of a pipeline: it explains as its model does, and is open to nothing else.</summary>
[TestClass]
public sealed class BakedNetworkTests
{
    private const int Rows = 5;
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> Methods => NetworkBaking.Methods.Select(method => (object[])[method.Name]);

    public static IEnumerable<object[]> Targets =>
    [
        [SaliencyTarget.Predicted],
        [SaliencyTarget.Class(2)],
        [SaliencyTarget.Class("two")],
        [SaliencyTarget.Contrast(SaliencyTarget.RunnerUp)],
        [SaliencyTarget.Contrast(SaliencyTarget.Class(1), SaliencyTarget.Class("two"), gamma: 0.5)],
        [SaliencyTarget.Contrast(SaliencyTarget.Predicted, SaliencyTarget.Class(0))],
        [SaliencyTarget.Output(1)],
        [SaliencyTarget.Output(2, negative: true)],
    ];

    [TestMethod]
    [DynamicData(nameof(Methods))]
    public void Every_method_that_can_be_baked_gives_its_columns(string method)
        => AreAlike(Model(), new BakeOptions { Method = SaliencyMethod.Parse(method) }, new AbsCamOptions { Method = SaliencyMethod.Parse(method) });

    [TestMethod]
    [DynamicData(nameof(Targets))]
    public void Every_question_of_scores_is_answered_alike(SaliencyTarget target)
        => AreAlike(Model(), new BakeOptions { Target = target, Method = SaliencyMethod.GradCam, Labels = ["nought", "one", "two"] }, new AbsCamOptions { Target = target, Method = SaliencyMethod.GradCam, Labels = ["nought", "one", "two"] });

    [TestMethod]
    [DataRow("Softmax", 3)]
    [DataRow("Sigmoid", 3)]
    [DataRow("Sigmoid", 1)]
    [DataRow("", 1)]
    public void Scores_are_read_alike_however_the_network_ends(string ending, int classes)
        => AreAlike(Model(ending, classes), new BakeOptions(), new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial });

    [TestMethod]
    public void Maps_of_the_layers_size_are_those_of_the_model()
        => AreAlike(Model(), new BakeOptions { MapSize = MapSize.Layer }, new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial, MapSize = MapSize.Layer });

    [TestMethod]
    public void A_class_by_input_comes_from_a_column_or_is_the_predicted_one()
    {
        AreAlike(Model(), new BakeOptions { TargetInput = true }, new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial, Target = SaliencyTarget.Column(nameof(VectorRow.Target)) }, asked: SaliencyTarget.Column(nameof(VectorRow.Target)));
        AreAlike(Model(), new BakeOptions { TargetInput = true }, new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial, Target = SaliencyTarget.Class(1) }, asked: SaliencyTarget.Class(1));
        AreAlike(Model(), new BakeOptions { TargetInput = true }, new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial });
    }

    [TestMethod]
    [DataRow(ElementTypes.UInt8)]
    [DataRow(ElementTypes.Int8)]
    [DataRow(ElementTypes.Int32)]
    public void Whole_numbers_and_channels_last_go_in_as_the_file_wants_them(int type)
    {
        byte[] model = new OnnxModelBuilder().Input("image", 0, 8, 8, 3).OfType(type).Node("Cast", "image", "real", ("to", 1)).Node("Transpose", "real", "turned", ("perm", new long[] { 0, 3, 1, 2 }))
            .Weight("w", 4, 3, 3, 3).Node("Conv", "turned w", "a").Node("Relu", "a", "b").Node("GlobalAveragePool", "b", "pooled").Node("Flatten", "pooled", "flat")
            .Weight("v", 4, 3).Node("MatMul", "flat v", "scores").Output("scores", 0, 3).ToBytes();
        AreAlike(model, new BakeOptions(), new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial }, level: 20);
    }

    [TestMethod]
    public void A_file_that_leaves_its_size_open_explains_images_of_another_size()
    {
        byte[] model = new OnnxModelBuilder().Input("image", 0, 3, 0, 0).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "a").Node("Relu", "a", "b")
            .Node("GlobalAveragePool", "b", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 4, 3).Node("MatMul", "flat v", "scores").Output("scores", 0, 3).ToBytesWithoutOutputShapes();
        using var file = new MemoryStream();
        using (ImageNetwork small = ImageNetwork.FromOnnx(model, 12, 12))
        {
            Assert.IsTrue(small.Bake(file).SizeIsOpen);
        }

        IDataView rows = Images(20);
        using ImageNetwork original = ImageNetwork.FromOnnx(model, 20, 20);
        using ImageNetwork baked = ImageNetwork.FromOnnx(file.ToArray(), 20, 20);
        using AbsCamTransformer expected = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), original, new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial }).Fit(rows);
        using AbsCamTransformer actual = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), baked).Fit(rows);
        Close.AreClose([.. expected.Transform(rows).Maps().SelectMany(map => map)], [.. actual.Transform(rows).Maps().SelectMany(map => map)], 1e-4, "maps of another size");
    }

    [TestMethod]
    public void A_file_of_one_image_at_a_time_explains_batches()
        => AreAlike(Model(batch: 1), new BakeOptions(), new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial });

    [TestMethod]
    public void A_saved_pipeline_holds_the_baked_file()
    {
        using ImageNetwork network = Opened(Model(), new BakeOptions { Method = SaliencyMethod.LayerCam });
        IDataView rows = Images(8);
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network).Fit(rows);
        using var file = new MemoryStream();
        _context.Model.Save(transformer, rows.Schema, file);
        file.Position = 0;
        var loaded = (AbsCamTransformer)_context.Model.Load(file, out _);
        using (loaded)
        {
            Assert.AreEqual(SaliencyMethod.LayerCam, loaded.Options.Method);
            foreach ((float[] expected, float[] actual) in transformer.Transform(rows).Maps().Zip(loaded.Transform(rows).Maps()))
            {
                CollectionAssert.AreEqual(expected, actual);
            }
        }
    }

    [TestMethod]
    public void Measures_run_its_scores()
    {
        using ImageNetwork model = ImageNetwork.FromOnnx(Model());
        using ImageNetwork baked = Opened(Model(), new BakeOptions());
        var options = new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial };
        double[] expected = Deletion(model, options);
        double[] actual = Deletion(baked, new AbsCamOptions());
        Assert.AreEqual(expected[0], actual[0], 1e-4);
        Assert.AreEqual(expected[1], actual[1], 1e-4);
    }

    [TestMethod]
    public void What_was_not_baked_is_refused_with_what_was()
    {
        using ImageNetwork network = Opened(Model(), new BakeOptions { Target = SaliencyTarget.Class(1) });
        Refused(network, new AbsCamOptions { Method = SaliencyMethod.GradCam }, "and not the method 'grad-cam'.", "'abs-cam-initial' is baked in");
        Refused(network, new AbsCamOptions { Method = SaliencyMethod.AbsCam }, "and not the method 'abs-cam'.");
        Refused(network, new AbsCamOptions { Layers = ["a"] }, "and not the layer a.", "'b' is baked in");
        Refused(network, new AbsCamOptions { Target = SaliencyTarget.Predicted }, "and not the predicted class.", "class 1 is baked in");
        Refused(network, new AbsCamOptions { Target = SaliencyTarget.Column(nameof(VectorRow.Target)) }, "and not the class in column 'Target'.");
        Refused(network, new AbsCamOptions { MapSize = MapSize.Layer }, "a map of the layer's size");
        Refused(network, new AbsCamOptions { Tolerance = 0.1 }, "a tolerance of 0.1");
        Refused(network, new AbsCamOptions { ScoreRule = ScoreRule.Sigmoid }, "ScoreRule.Sigmoid");
        Refused(network, new AbsCamOptions { Engine = NetworkEngine.TorchSharp }, "and not TorchSharp.");
        Refused(network, new AbsCamOptions { Columns = new() { HeatFeatures = "Heat" } }, "what lies under the heat");
        Assert.AreEqual(SaliencyTarget.Class(1), new AbsCamOptions().FittedTo(network).Target);
        NotSupportedException refused = Assert.ThrowsExactly<NotSupportedException>(() => network.Bake(Stream.Null));
        StringAssert.Contains(refused.Message, "baked into it already");
    }

    [TestMethod]
    public void A_file_whose_word_cannot_be_true_is_refused()
    {
        byte[] baked = Baked(Model(), new BakeOptions());
        NetworkLoadException shape = Assert.ThrowsExactly<NetworkLoadException>(() => ImageNetwork.FromOnnx(Saying(baked, "layer.shape", "4,6")));
        StringAssert.Contains(shape.Message, "the metadata entry 'abscam.layer.shape' is '4,6'");
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => ImageNetwork.FromOnnx(Saying(baked, "scores.kind", "7"))).Message, "'abscam.scores.kind' is '7'");

        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => ImageNetwork.FromOnnx(Saying(baked, "input.shape", "3,99999,99999"))).Message, "'abscam.input.shape' is '3,99999,99999'");

        using ImageNetwork moreScores = ImageNetwork.FromOnnx(Saying(baked, "scores.count", "4"));
        StringAssert.Contains(Fails(moreScores), "says of itself that it gives 4 scores");
        using ImageNetwork otherValue = ImageNetwork.FromOnnx(Saying(Saying(baked, "scores", "nowhere"), "scores.place", "inside"));
        StringAssert.Contains(Fails(otherValue), "ONNX Runtime does not run the file");

        // Of a later version, so that this one knows nothing of it: a model with three outputs.
        using ImageNetwork later = ImageNetwork.FromOnnx(Saying(baked, "plan", "3"));
        Assert.IsNotInstanceOfType<BakedImageNetwork>(later);
    }

    private static byte[] Model(string ending = "", int classes = 3, long batch = 0)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", batch, 3, 8, 8).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "a").Node("Relu", "a", "b")
            .Node("GlobalAveragePool", "b", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 4, classes);
        return (ending.Length == 0 ? model.Node("MatMul", "flat v", "scores") : model.Node("MatMul", "flat v", "logits").Node(ending, "logits", "scores")).Output("scores", batch, classes).ToBytes();
    }

    private static byte[] Baked(byte[] model, BakeOptions options)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        using var file = new MemoryStream();
        network.Bake(file, options);
        return file.ToArray();
    }

    private static ImageNetwork Opened(byte[] model, BakeOptions options)
    {
        ImageNetwork network = ImageNetwork.FromOnnx(Baked(model, options));
        Assert.IsInstanceOfType<BakedImageNetwork>(network);
        return network;
    }

    private static byte[] Saying(byte[] file, string key, string value)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        model.MetadataProps.Single(fact => fact.Key == BakedPlan.Prefix + key).Value = value;
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }

    private IDataView Images(int size, float level = 0, bool channelsLast = false) => VectorRow.View(_context,
        Enumerable.Range(0, Rows).Select(row => new VectorRow
        {
            Target = row % 4,
            Input = [.. OnnxModelBuilder.Numbers([3, size, size], row + 2).Select(value => level == 0 ? value : MathF.Round(100 + (level * value)))],
        }),
        channelsLast ? [size, size, 3] : [3, size, size]);

    private void AreAlike(byte[] model, BakeOptions baking, AbsCamOptions options, SaliencyTarget? asked = null, float level = 0)
    {
        IDataView rows = Images(8, level);
        var columns = new AbsCamColumns { Class = "Class", Probability = "Probability", Scores = "Scores", Status = "Status", Against = options.Target.IsContrast ? "Against" : null };
        using ImageNetwork original = ImageNetwork.FromOnnx(model);
        using ImageNetwork baked = Opened(model, baking);
        AbsCamOptions ofBaked = new() { Columns = columns, Labels = options.Labels };
        using AbsCamTransformer expected = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), original, options with { Columns = columns }).Fit(rows);
        using AbsCamTransformer actual = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), baked, asked is null ? ofBaked : ofBaked with { Target = asked }).Fit(rows);
        (IDataView wanted, IDataView got) = (expected.Transform(rows), actual.Transform(rows));
        CollectionAssert.AreEqual(Texts(wanted, "Status"), Texts(got, "Status"));
        Assert.Contains("Ok", Texts(got, "Status"));
        CollectionAssert.AreEqual(Keys(wanted, "Class"), Keys(got, "Class"));
        Close.AreClose([.. wanted.GetColumn<float>("Probability")], [.. got.GetColumn<float>("Probability")], 1e-5, "probabilities");
        Close.AreClose([.. wanted.GetColumn<float[]>("Scores").SelectMany(row => row)], [.. got.GetColumn<float[]>("Scores").SelectMany(row => row)], 1e-5, "scores");
        Close.AreClose([.. wanted.Maps().SelectMany(map => map)], [.. got.Maps().SelectMany(map => map)], 1e-4, "maps");
        if (columns.Against is not null)
        {
            CollectionAssert.AreEqual(Keys(wanted, "Against"), Keys(got, "Against"));
        }
    }

    private static string[] Texts(IDataView view, string column) => [.. view.GetColumn<ReadOnlyMemory<char>>(column).Select(text => text.ToString())];

    private static uint[] Keys(IDataView view, string column) => [.. view.GetColumn<uint>(column)];

    private double[] Deletion(ImageNetwork network, AbsCamOptions options)
    {
        IDataView rows = Images(8);
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, options with { Columns = new() { Class = "Class" } }).Fit(rows);
        SaliencyMetrics metrics = _context.Saliency.Evaluate(transformer.Transform(rows), transformer);
        return [metrics.Deletion!.Mean, metrics.Insertion!.Mean];
    }

    private void Refused(ImageNetwork network, AbsCamOptions options, params string[] words)
    {
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, options));
        foreach (string word in words)
        {
            StringAssert.Contains(refused.Message, word);
        }
    }

    private string Fails(ImageNetwork network)
    {
        IDataView rows = Images(8);
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network).Fit(rows);
        Exception? failed = Assert.Throws<Exception>(() => transformer.Transform(rows).Maps());
        while (failed is not (null or NetworkLoadException))
        {
            failed = failed.InnerException;
        }

        return failed?.Message ?? "";
    }
}
