using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>What networks of whole numbers, of one channel and of blue first get of a photo, against ONNX Runtime on numbers made by hand.</summary>
[TestClass]
public sealed class PixelFormatTests
{
    private const int Side = 8;
    private const int Pixels = Side * Side;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(2, 0, false, DisplayName = "uint8")]
    [DataRow(2, 0, true, DisplayName = "uint8, channels last")]
    [DataRow(3, 128, false, DisplayName = "int8")]
    [DataRow(3, 128, true, DisplayName = "int8, channels last")]
    [DataRow(4, 0, false, DisplayName = "uint16")]
    [DataRow(5, 0, false, DisplayName = "int16")]
    [DataRow(6, 0, true, DisplayName = "int32")]
    [DataRow(7, 0, false, DisplayName = "int64")]
    public void An_input_of_whole_numbers_takes_the_levels_of_the_photo(int type, int less, bool isChannelsLast)
    {
        float[] levels = [.. Photos.Input(1).Select(value => MathF.Round(((value * 0.5f) + 0.5f) * 255) - less)];
        float[] expected = Scores(Network(1, false, 3), levels, 3);
        using ImageNetwork network = ImageNetwork.FromOnnx(Network(type, isChannelsLast, 3));
        foreach (NetworkEngine engine in (NetworkEngine[])[NetworkEngine.Auto, NetworkEngine.TorchSharp])
        {
            Close.AreClose(expected, Explain(network, null, engine, Photos.Photo(1)), 1e-4, $"photo, {engine}");
        }

        // The map is that of the network of real numbers, which is given the levels.
        using ImageNetwork real = ImageNetwork.FromOnnx(Network(1, false, 3));
        Close.AreClose(Map(real, levels), Map(network, levels), 1e-4, "map");
    }

    [TestMethod]
    public void Another_preprocessing_is_taken_by_whole_numbers_only_if_it_gives_such()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Network(2, false, 3));
        ImagePreprocessing plain = Photos.Preprocessing with { Mean = [0, 0, 0], Std = [1, 1, 1] };
        float[] expected = Explain(network, null, NetworkEngine.Auto, Photos.Photo(2));
        Close.AreClose(expected, Explain(network, plain with { Std = [1 / 255f, 1 / 255f, 1 / 255f] }, NetworkEngine.Auto, Photos.Photo(2)), 1e-6, "levels, said in another way");
        foreach ((ImagePreprocessing wrong, string because) in new[]
        {
            (ImagePreprocessing.For(Side, Side), "level 0 into -2.1179"),
            (plain, "level 1 into 0.0039"),
            (plain with { Scale = 1, Mean = [1, 0, 0] }, "level 0 into -1"),
            (plain with { Scale = 2 }, "level 128 into 256"),
        })
        {
            string message = Assert.ThrowsExactly<ArgumentException>(() => Explain(network, wrong, NetworkEngine.Auto, Photos.Photo(2))).Message;
            StringAssert.Contains(message, because);
            StringAssert.Contains(message, "takes whole numbers from 0 to 255 (uint8)");
        }
    }

    [TestMethod]
    [DataRow(2, 0.5f)]
    [DataRow(2, -1f)]
    [DataRow(2, 256f)]
    [DataRow(2, float.NaN)]
    [DataRow(3, 128f)]
    [DataRow(4, 65536f)]
    [DataRow(6, 3e9f)]
    [DataRow(7, float.PositiveInfinity)]
    public void A_vector_that_would_be_cut_or_wrapped_is_refused_and_the_others_are_not(int type, float value)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Network(type, false, 3));
        float[] good = [.. Enumerable.Range(0, 3 * Pixels).Select(i => (float)(i % 100))];
        float[] bad = [.. good];
        bad[7] = value;
        VectorRow[] rows = [new() { Input = good }, new() { Input = bad }, new() { Input = good }];
        IDataView view = VectorRow.View(_context, rows, 3, Side, Side);
        IDataView explained = _context.Transforms.AbsCam(Explained.Map, "Input", network, new AbsCamOptions { Columns = new() { Status = "Status" } }).Fit(view).Transform(view);
        Assert.AreEqual("Ok UnreadableImage Ok", string.Join(' ', explained.GetColumn<string>("Status")));
        IDataView thrown = _context.Transforms.AbsCam(Explained.Map, "Input", network).Fit(view).Transform(view);
        StringAssert.Contains(Assert.Throws<Exception>(() => thrown.Maps()).GetBaseException().Message, "takes whole numbers from ");
        StringAssert.StartsWith(network.WhyNotInput(bad), "value 7 is ");
        Assert.IsNull(network.WhyNotInput(good));
    }

    [TestMethod]
    public void A_network_of_one_channel_takes_the_luma_of_the_photo()
    {
        byte[] model = Network(1, false, 1);
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        float[] colours = [.. Photos.Input(3).Select(value => (value * 0.5f) + 0.5f)];
        float[] luma = [.. Enumerable.Range(0, Pixels).Select(i => (0.299f * colours[i]) + (0.587f * colours[Pixels + i]) + (0.114f * colours[(2 * Pixels) + i]))];
        Close.AreClose(Scores(model, [.. luma.Select(level => (level - 0.459f) / 0.226f)], 1), Explain(network, null, NetworkEngine.Auto, Photos.Photo(3)), 1e-4, "the default");
        ImagePreprocessing own = ImagePreprocessing.For(Side, Side) with { ColorOrder = ColorOrder.Gray, Mean = [0.5f], Std = [0.25f] };
        Close.AreClose(Scores(model, [.. luma.Select(level => (level - 0.5f) / 0.25f)], 1), Explain(network, own, NetworkEngine.Auto, Photos.Photo(3)), 1e-4, "own numbers");
        using ImageNetwork bytes = ImageNetwork.FromOnnx(Network(2, true, 1));
        Close.AreClose(Scores(model, [.. luma.Select(level => MathF.Round(level * 255))], 1), Explain(bytes, null, NetworkEngine.Auto, Photos.Photo(3)), 1e-4, "levels");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Explain(network, Photos.Preprocessing, NetworkEngine.Auto, Photos.Photo(3))).Message, "ColorOrder.Gray");
        using ImageNetwork colour = ImageNetwork.FromOnnx(Network(1, false, 3));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Explain(colour, own, NetworkEngine.Auto, Photos.Photo(3))).Message, "one plane");
    }

    [TestMethod]
    public void Blue_first_is_red_first_on_the_swapped_picture_and_the_defaults_go_with_the_colours()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Network(1, false, 3));
        MLImage photo = Photos.Photo(4);
        MLImage swapped = TestImage.From(Side, Side, (x, y) => (photo.Pixel(x, y).Blue, photo.Pixel(x, y).Green, photo.Pixel(x, y).Red, 255));
        float[] bgr = Explain(network, Photos.Preprocessing with { ColorOrder = ColorOrder.Bgr }, NetworkEngine.Auto, photo);
        CollectionAssert.AreEqual(Explain(network, Photos.Preprocessing, NetworkEngine.Auto, swapped), bgr);
        CollectionAssert.AreNotEqual(Explain(network, Photos.Preprocessing, NetworkEngine.Auto, photo), bgr);
        CollectionAssert.AreEqual((float[])[0.406f, 0.456f, 0.485f], new ImagePreprocessing { ColorOrder = ColorOrder.Bgr }.Mean.ToArray());
        CollectionAssert.AreEqual((float[])[0.226f], new ImagePreprocessing { ColorOrder = ColorOrder.Gray }.Std.ToArray());
    }

    private static float[] Scores(byte[] model, float[] input, int channels)
    {
        float[] logits = OnnxRuntimeOracle.Run(model, input, [1, channels, Side, Side]).Values;
        double[] powers = [.. logits.Select(logit => Math.Exp(logit - logits.Max()))];
        return [.. powers.Select(power => (float)(power / powers.Sum()))];
    }

    private float[] Explain(ImageNetwork network, ImagePreprocessing? preprocessing, NetworkEngine engine, MLImage photo)
    {
        IDataView view = _context.Data.LoadFromEnumerable([new PhotoRow { Image = photo }]);
        var options = new AbsCamOptions { Columns = new() { Scores = "Scores" }, Preprocessing = preprocessing, Engine = engine };
        return _context.Transforms.AbsCam(Explained.Map, "Image", network, options).Fit(view).Transform(view).Maps("Scores").Single();
    }

    private float[] Map(ImageNetwork network, float[] levels)
    {
        IDataView view = VectorRow.View(_context, [new VectorRow { Input = levels }], network.Shape.Channels, Side, Side);
        return _context.Transforms.AbsCam(Explained.Map, "Input", network, new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial }).Fit(view).Transform(view).Maps().Single();
    }

    // The normalisation is inside, as in exports that take bytes.
    private static byte[] Network(int type, bool isChannelsLast, int channels)
    {
        long[] shape = isChannelsLast ? [0, Side, Side, channels] : [0, channels, Side, Side];
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", shape).OfType(type)
            .Node("Cast", "image", "real", ("to", 1)).Weight("whole", [], 64).Node("Div", "real whole", "small");
        if (isChannelsLast)
        {
            model.Node("Transpose", "small", "planes", ("perm", new long[] { 0, 3, 1, 2 }));
        }

        return model.Weight("k", 5, channels, 3, 3).Node("Conv", $"{(isChannelsLast ? "planes" : "small")} k", "before", ("pads", new long[] { 1, 1, 1, 1 })).Node("Relu", "before", "map")
            .Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat").Weight("w", 5, 4).Node("Gemm", "flat w", "scores").Output("scores", 0, 4).ToBytes();
    }
}
