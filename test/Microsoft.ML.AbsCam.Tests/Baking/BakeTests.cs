using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;
using Microsoft.ML.AbsCam.Tests.Saliency.Questions;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Baking;

/// <summary>Baking runs the file in ONNX Runtime beside TorchSharp before anything is written, so a file that is there gives the same maps.</summary>
[TestClass]
public sealed class BakeTests
{
    // An output to name, a score to explain, flat maps, a wrong axis, a model that ONNX Runtime does not run itself.
    private static readonly string[] RefusedCases = ["two.onnx", "regress.onnx", "yolo.onnx", "sq21.onnx", "zip.onnx"];

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Families() => Family.All.Select(family => new object[] { family.Name });

    public static IEnumerable<object[]> SomeFamilies() => Family.Sample(0);

    [TestMethod]
    [DataRow("squeezenet1.0.onnx")]
    [DataRow("resnet20-cifar10.onnx")]
    public void A_shared_network_is_baked_with_every_method_of_one_pass(string file)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(SharedData.PathOrSkip("models", file));
        foreach (SaliencyMethod method in NetworkBaking.Methods.Where(method => method is GradientMethod))
        {
            BakedNetwork told = network.Bake(Stream.Null, new BakeOptions { Method = method });
            TestContext.WriteLine(told.ToString());
            Assert.IsLessThan(1e-4, told.Difference);
            Assert.IsLessThan(1.02, (double)told.BytesAfter / told.BytesBefore);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Families))]
    public void A_family_is_baked_at_its_layer(string name)
    {
        using ImageNetwork network = Open(name);
        BakedNetwork pick = network.Bake(Stream.Null);
        TestContext.WriteLine($"{pick.Difference:G2} at {pick.Layer} with {pick.Nodes} nodes");
    }

    /// <summary>Backwards through nearly all of a network.</summary>
    [TestMethod]
    [DynamicData(nameof(SomeFamilies))]
    public void A_family_is_baked_at_its_first_layer(string name)
    {
        using ImageNetwork network = Open(name);
        FeatureLayer first = network.Layers.First(layer => layer.Kind != LayerVerdict.OnePixel);
        BakedNetwork all = network.Bake(Stream.Null, new BakeOptions { Method = SaliencyMethod.LayerCam, Layer = first.Name });
        TestContext.WriteLine($"{all.Difference:G2} at {all.Layer} with {all.Nodes} nodes in set {all.Opset}");
    }

    /// <summary>A value that is read for nothing keeps a runtime from running the node that makes it and the next as one.</summary>
    [TestMethod]
    [DataRow("SqueezeNet")]
    [DataRow("ResNet-18")]
    [DataRow("ViT, class token")]
    public void What_is_baked_is_read_by_something(string name)
    {
        using ImageNetwork network = Open(name);
        foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.AbsCamInitial, SaliencyMethod.GradCam, SaliencyMethod.LayerCam])
        {
            using var file = new MemoryStream();
            network.Bake(file, new BakeOptions { Method = method });
            GraphProto graph = ModelProto.Parser.ParseFrom(file.ToArray()).Graph;
            HashSet<string> read = [.. graph.Node.SelectMany(node => node.Input), .. graph.Output.Select(output => output.Name)];
            string[] added = [.. graph.Node.SelectMany(node => node.Output).Concat(graph.Initializer.Select(weight => weight.Name)).Where(value => value.StartsWith("abscam/", StringComparison.Ordinal))];
            Assert.AreNotEqual(0, added.Length);
            CollectionAssert.AreEqual(Array.Empty<string>(), added.Where(value => !read.Contains(value)).ToArray());
        }
    }

    public static IEnumerable<object[]> MethodsOfManyPasses() => NetworkBaking.Methods.Where(method => method is not GradientMethod).Select(method => new object[] { method.Name });

    [TestMethod]
    [DynamicData(nameof(MethodsOfManyPasses))]
    public void A_method_that_runs_the_network_again_is_baked(string method)
    {
        foreach (string name in (string[])["ResNet-18", "DenseNet", "MLP-Mixer"])
        {
            using ImageNetwork network = Open(name);
            foreach (SaliencyTarget target in (SaliencyTarget[])[SaliencyTarget.Predicted, SaliencyTarget.Contrast(SaliencyTarget.Class(1), SaliencyTarget.Class(2), 0.5)])
            {
                BakedNetwork told = network.Bake(Stream.Null, new BakeOptions { Method = SaliencyMethod.Parse(method), Target = target });
                TestContext.WriteLine($"{name} {target}: {told}");
            }
        }
    }

    [TestMethod]
    [DataRow("segmenter", false)]
    [DataRow("segmenter", true)]
    [DataRow("detector", false)]
    [DataRow("detector", true)]
    public void A_region_and_a_box_of_the_demos_networks_are_baked(string name, bool named)
    {
        DemoTaskNetwork demo = DemoTaskNetwork.All.Single(one => one.Name == name);
        using ImageNetwork network = ImageNetwork.FromOnnx(demo.ReadOnnx());

        // A class that made-up images have something of.
        SaliencyTarget target = !named ? SaliencyTarget.Predicted : name == "segmenter" ? SaliencyTarget.Region(SaliencyTarget.Class("background")) : SaliencyTarget.Box(SaliencyTarget.Class(demo.Classes[1]));
        foreach (SaliencyMethod method in (SaliencyMethod[])[SaliencyMethod.LayerCam, SaliencyMethod.AbsCamInitial])
        {
            BakedNetwork told = network.Bake(Stream.Null, new BakeOptions { Method = method, Target = target, Labels = demo.Classes });
            TestContext.WriteLine(told.ToString());
        }

        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => network.Bake(Stream.Null, new BakeOptions { Method = SaliencyMethod.ScoreCam, Target = target, Labels = demo.Classes }));
        StringAssert.Contains(refused.Message, "Take a method of one pass");
    }

    [TestMethod]
    public void The_outputs_that_people_have_are_baked()
    {
        foreach (byte[] model in (byte[][])[
            PlacedNetworks.Segmenter(), PlacedNetworks.Segmenter(softmax: true), PlacedNetworks.Detector(), PlacedNetworks.Detector(anchorsFirst: true)])
        {
            using ImageNetwork network = ImageNetwork.FromOnnx(model);
            BakedNetwork told = network.Bake(Stream.Null, new BakeOptions { Method = SaliencyMethod.LayerCam });
            TestContext.WriteLine($"{network.Layout}: {told}");
        }
    }

    [TestMethod]
    public void A_likeness_to_a_reference_is_baked()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(new MemoryStream(Family.Named("ResNet-18").Write()));
        float[] reference = OnnxModelBuilder.Numbers([network.Shape.ClassCount], 8);
        BakedNetwork told = network.Bake(Stream.Null, new BakeOptions { Target = SaliencyTarget.Similar(reference), Method = SaliencyMethod.GradCam });
        TestContext.WriteLine(told.ToString());
    }

    [TestMethod]
    public void A_map_of_which_only_rounding_is_left_is_not_baked()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(new MemoryStream(TokenFamily.All.Single(family => family.Family.Name == "ViT, class token").Family.Write()));
        NetworkLoadException refused = Assert.ThrowsExactly<NetworkLoadException>(() => network.Bake(Stream.Null, new BakeOptions { Method = SaliencyMethod.HiResCam }));
        StringAssert.Contains(refused.Message, "what is left is rounding");
    }

    private static ImageNetwork Open(string family) => ImageNetwork.FromOnnx(Family.Named(family).Write());

    public static IEnumerable<object?[]> Cases()
    {
        string folder = Path.Combine(Repository.Root, "..", "shared", "cases");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.onnx", SearchOption.AllDirectories) : [];
        return files.Length == 0 ? [[null]] : files.Order(StringComparer.Ordinal).Select(file => new object?[] { Path.GetRelativePath(folder, file) });
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void What_people_brought_is_baked_or_refused_by_name(string? file)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(SharedData.PathOrSkip("cases", file ?? ""));
        try
        {
            BakedNetwork told = network.Bake(Stream.Null);
            TestContext.WriteLine($"{file}: {told.Difference:G2} at {told.Layer}, set {told.Opset}");
            CollectionAssert.DoesNotContain(RefusedCases, network.Name);
        }
        catch (Exception e) when (e is NetworkLoadException or ArgumentException)
        {
            TestContext.WriteLine($"{file}: {e.Message}");
            CollectionAssert.Contains(RefusedCases, network.Name);
            StringAssert.Contains(e.Message, network.Name);
        }
    }
}
