using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Samples.BakedInMlNet;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Baking;

/// <summary>The maps of baked files beside PyTorch's, in ONNX Runtime and in ML.NET's own transform, and what the file does with what it is asked.</summary>
[TestClass]
public sealed class BakedMapTests
{
    private static readonly (string Method, string Map)[] Compared =
        [("abs-cam-initial", "abscam-initial"), ("grad-cam", "gradcam"), ("grad-cam++", "gradcampp"), ("hires-cam", "hirescam"), ("xgrad-cam", "xgradcam"), ("layer-cam", "layercam")];

    public static IEnumerable<object[]> Parity => ParityCase.All;

    [TestMethod]
    [DynamicData(nameof(Parity))]
    public void A_baked_map_is_that_of_PyTorch(string network, string image)
    {
        var parity = new ParityCase(network, image);
        ImageNetwork opened = parity.Opened;
        string layer = network.StartsWith("squeezenet", StringComparison.Ordinal) ? "/features/features.12/Concat_output_0" : opened.FindLayer(null).Name;
        Npy input = parity.Read("input");
        foreach ((string method, string map) in Compared)
        {
            byte[] baked = Bake(opened, new BakeOptions { Method = SaliencyMethod.Parse(method), Layer = layer, TargetInput = true });
            (float[] actual, long[] classes) = Run(baked, opened, input.Values, 1, [parity.Target]);
            Close.AreClose(parity.Read("map." + map).Values, actual, 1e-3, method);
            CollectionAssert.AreEqual((long[])[parity.Target], classes);
        }
    }

    [TestMethod]
    [DataRow("abs-cam-initial")]
    [DataRow("abs-cam")]
    [DataRow("abs-cam-per-channel")]
    [DataRow("ablation-cam")]
    public void A_batch_of_eight_explains_each_row_as_if_alone(string method)
    {
        using ImageNetwork network = Tiny();
        byte[] baked = Bake(network, new BakeOptions { TargetInput = true, Method = SaliencyMethod.Parse(method) });
        long[] asked = [0, 1, 2, 2, 1, 0, 1, 9];
        float[] images = OnnxModelBuilder.Numbers([8, 3, 12, 12], 3);
        float[] together = Run(baked, network, images, 8, asked).Maps;
        for (int row = 0; row < 8; row++)
        {
            Close.AreClose(Run(baked, network, images.AsSpan(row * 432, 432).ToArray(), 1, [asked[row]]).Maps, together.AsSpan(row * 144, 144).ToArray(), 1e-5, $"row {row}");
        }

        Assert.IsTrue(together[(7 * 144)..].All(float.IsNaN), "A class that the network does not have has no map.");
        Assert.IsTrue(together[..(7 * 144)].All(float.IsFinite));
    }

    [TestMethod]
    public void The_old_outputs_stay_and_names_that_are_taken_are_left_alone()
    {
        byte[] model = new OnnxModelBuilder().Input("image", 0, 3, 12, 12).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "target").Node("Relu", "target", "saliency")
            .Node("GlobalAveragePool", "saliency", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 4, 3).Node("MatMul", "flat v", "scores").Output("scores", 0, 3).ToBytes();
        using ImageNetwork network = ImageNetwork.FromOnnx(new MemoryStream(model));
        using var file = new MemoryStream();
        BakedNetwork told = network.Bake(file, new BakeOptions { TargetInput = true });
        Assert.AreEqual(("saliency_2", "saliency_class", "target_2"), (told.SaliencyOutput, told.ClassOutput, told.TargetInput));
        using var session = new InferenceSession(file.ToArray());
        CollectionAssert.AreEqual((string[])["scores", "saliency_2", "saliency_class"], session.OutputMetadata.Keys.ToArray());
        CollectionAssert.AreEqual((string[])["image", "target_2"], session.InputMetadata.Keys.ToArray());
        Assert.AreEqual("saliency", session.ModelMetadata.CustomMetadataMap["abscam.layer"]);
    }

    [TestMethod]
    public void A_model_that_leaves_its_size_open_is_baked_for_every_size()
    {
        byte[] model = new OnnxModelBuilder().Input("image", 0, 3, 0, 0).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "a", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }))
            .Node("Relu", "a", "b").Weight("u", 5, 4, 3, 3).Node("Conv", "b u", "c", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })).Node("Relu", "c", "d")
            .Node("GlobalAveragePool", "d", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 5, 3).Node("MatMul", "flat v", "scores").Output("scores", 0, 3).ToBytesWithoutOutputShapes();
        using ImageNetwork network = ImageNetwork.FromOnnx(new MemoryStream(model), 16, 16);
        using var file = new MemoryStream();
        BakedNetwork told = network.Bake(file, new BakeOptions { Layer = "b", Method = SaliencyMethod.LayerCam });
        Assert.IsTrue(told.SizeIsOpen);
        using ImageNetwork other = ImageNetwork.FromOnnx(new MemoryStream(model), 23, 30);
        byte[] ofThat = Bake(other, new BakeOptions { Layer = "b", Method = SaliencyMethod.LayerCam });
        float[] image = OnnxModelBuilder.Numbers([1, 3, 23, 30], 4);
        Close.AreClose(Run(ofThat, other, image, 1, null).Maps, Run(file.ToArray(), other, image, 1, null).Maps, 1e-5, "of another size");
    }

    [TestMethod]
    public void An_operator_without_an_adjoint_is_named_and_nothing_is_written()
    {
        byte[] model = new OnnxModelBuilder(16).Input("image", 0, 3, 8, 8).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "a").Node("Relu", "a", "b")
            .Node("Sin", "b", "c").Weight("grid", 1, 4, 4, 2).Node("Shape", "c", "shape").Ints("zero", 0).Node("Gather", "shape zero", "rows", ("axis", 0)).Ints("rest", 4, 4, 2)
            .Node("Concat", "rows rest", "size", ("axis", 0)).Node("Expand", "grid size", "grids").Node("GridSample", "c grids", "d")
            .Node("GlobalAveragePool", "d", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 4, 3).Node("MatMul", "flat v", "scores").Output("scores", 0, 3).ToBytesWithoutOutputShapes();
        using ImageNetwork network = ImageNetwork.FromOnnx(new MemoryStream(model));
        using var file = new MemoryStream();
        NetworkLoadException refused = Assert.ThrowsExactly<NetworkLoadException>(() => network.Bake(file, new BakeOptions { Layer = "b" }));
        StringAssert.Contains(refused.Message, "GridSample");
        StringAssert.Contains(refused.Message, "Choose a layer behind it");
        Assert.AreEqual(0, file.Length);
    }

    [TestMethod]
    [DataRow(7)]
    [DataRow(9)]
    [DataRow(11)]
    [DataRow(12)]
    public void Files_of_older_operator_sets_are_brought_up(int opset)
    {
        OnnxModelBuilder model = new OnnxModelBuilder(opset).Input("image", 0, 3, 8, 8).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "a");
        model = opset < 11 ? model.Node("Clip", "a", "b", ("min", 0f), ("max", 0.5f)) : model.Weight("least", [], 0).Weight("most", [], 0.5f).Node("Clip", "a least most", "b");
        model = opset < 11 ? model.Node("Pad", "b", "c", ("pads", new long[] { 0, 0, 1, 1, 0, 0, 1, 1 })) : model.Ints("pads", 0, 0, 1, 1, 0, 0, 1, 1).Node("Pad", "b pads", "c");
        byte[] bytes = model.Node("Dropout", "c", "d", opset < 12 ? [("ratio", 0.5f)] : []).Node("MaxPool", "d", "e", ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }))
            .Node("ReduceSum", "e", "pooled", ("axes", new long[] { 2, 3 }), ("keepdims", 0)).Node("Unsqueeze", "pooled", "f", ("axes", new long[] { 2 })).Node("Squeeze", "f", "flat", ("axes", new long[] { 2 }))
            .Weight("v", 4, 3).Node("MatMul", "flat v", "logits").Node("Softmax", "logits", "scores").Output("scores", 0, 3).ToBytesWithoutOutputShapes();
        using ImageNetwork network = ImageNetwork.FromOnnx(new MemoryStream(bytes));
        BakedNetwork told = network.Bake(Stream.Null, new BakeOptions { Layer = "b", Method = SaliencyMethod.GradCam });
        Assert.AreEqual(16L, told.Opset);
        Assert.IsLessThan(1e-5, told.Difference);
    }

    [TestMethod]
    public void ApplyOnnxModel_gives_the_map_without_this_library()
    {
        using ImageNetwork network = Tiny();
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "baked.onnx");
        File.WriteAllBytes(path, Bake(network, new BakeOptions()));
        var context = new MLContext(1);
        float[] image = OnnxModelBuilder.Numbers([1, 3, 12, 12], 6);
        IDataView rows = context.Data.LoadFromEnumerable([new ImageRow { Image = image }]);
        IDataView explained = context.Transforms.ApplyOnnxModel(["saliency"], ["image"], path, new Dictionary<string, int[]> { ["image"] = [1, 3, 12, 12] }, gpuDeviceId: null, fallbackToCpu: false).Fit(rows).Transform(rows);
        float[] map = explained.GetColumn<float[]>("saliency").Single();
        Close.AreClose(Run(File.ReadAllBytes(path), network, image, 1, null).Maps, map, 1e-6, "ML.NET");
    }

    [TestMethod]
    public void A_pipeline_of_ML_NETs_own_transforms_gives_the_maps_of_this_library()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx());
        using var folder = new TemporaryFolder();
        string model = Path.Combine(folder.Path, "explained.onnx");
        File.WriteAllBytes(model, Bake(network, new BakeOptions()));
        PhotoRow[] photos = [.. DemoScenes.HeldOut(3).Select((scene, i) => new PhotoRow { FileName = Path.Combine(folder.Path, $"{i}.png") })];
        foreach ((PhotoRow photo, DemoScene scene) in photos.Zip(DemoScenes.HeldOut(3)))
        {
            // Of the network's size, since the two enlarge and reduce pictures by other rules.
            using SKBitmap small = scene.ToBitmap().Resize(new SKImageInfo(DemoNetwork.InputSize, DemoNetwork.InputSize), SKFilterQuality.Medium);
            using FileStream file = File.Create(photo.FileName);
            small.Encode(file, SKEncodedImageFormat.Png, 100);
        }

        var context = new MLContext(1);
        IDataView rows = context.Data.LoadFromEnumerable(photos);
        float[][] baked = [.. BakedInMlNet.Explain(context, rows, model).GetColumn<float[]>("saliency")];
        var options = new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial, Preprocessing = ImagePreprocessing.For(112, 112) with { Mean = [.. DemoNetwork.Mean], Std = [.. DemoNetwork.Std] } };
        IDataView loaded = context.Transforms.LoadImages("Image", "", nameof(PhotoRow.FileName)).Fit(rows).Transform(rows);
        using AbsCamTransformer transformer = context.Transforms.AbsCam(Explained.Map, "Image", network, options).Fit(loaded);
        float[][] expected = [.. transformer.Transform(loaded).Maps()];
        for (int row = 0; row < expected.Length; row++)
        {
            Close.AreClose(expected[row], baked[row], 1e-3, $"photo {row}");
        }
    }

    private static byte[] Bake(ImageNetwork network, BakeOptions options)
    {
        using var file = new MemoryStream();
        network.Bake(file, options);
        return file.ToArray();
    }

    private static ImageNetwork Tiny()
    {
        byte[] model = new OnnxModelBuilder().Input("image", 0, 3, 12, 12).Weight("w", 4, 3, 3, 3).Node("Conv", "image w", "a").Node("Relu", "a", "b")
            .Node("GlobalAveragePool", "b", "pooled").Node("Flatten", "pooled", "flat").Weight("v", 4, 3).Node("MatMul", "flat v", "scores").Output("scores", 0, 3).ToBytes();
        return ImageNetwork.FromOnnx(new MemoryStream(model));
    }

    private static (float[] Maps, long[] Classes) Run(byte[] baked, ImageNetwork network, float[] images, int rows, long[]? asked)
    {
        NetworkShape shape = network.Shape;
        using SessionOptions alone = new() { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(baked, alone);
        using OrtValue image = OrtValue.CreateTensorValueFromMemory(images, [rows, shape.Channels, shape.Height, shape.Width]);
        using OrtValue target = OrtValue.CreateTensorValueFromMemory(asked ?? [0], [asked?.Length ?? 1]);
        string[] names = [.. session.InputMetadata.Keys];
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, names, names.Length == 2 ? [image, target] : [image], ["saliency", "saliency_class"]);
        return (results[0].GetTensorDataAsSpan<float>().ToArray(), results[1].GetTensorDataAsSpan<long>().ToArray());
    }

    private sealed class ImageRow
    {
        [ColumnName("image")]
        [VectorType(3, 12, 12)]
        public float[] Image { get; set; } = [];
    }

    private sealed class PhotoRow
    {
        public string FileName { get; set; } = "";
    }
}
