using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Runtime;

/// <summary>
/// Scores, feature maps and gradients with ONNX Runtime beside those of TorchSharp alone, whose gradients are taken of all logits
/// through the whole tail.
/// </summary>
[TestClass]
public sealed class ForwardEngineTests
{
    private const double Tolerance = 1e-4;

    public static IEnumerable<object[]> Names => Family.Sample(0);

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Every_family_runs_in_ONNX_Runtime_with_the_same_numbers(string name)
    {
        using OnnxNetwork network = OnnxNetwork.Load(Family.Named(name).Write(), name);
        Agree(network, [network.DefaultLayer!.Name], rows: 3);
    }

    [TestMethod]
    [DataRow("ResNet-18")]
    [DataRow("ShuffleNet v2, exported for one image")]
    public void Every_layer_of_a_network_has_the_same_numbers(string name)
    {
        using OnnxNetwork network = OnnxNetwork.Load(Family.Named(name).Write(), name);
        Agree(network, [.. network.Layers.Where(layer => layer.Kind != LayerVerdict.OnePixel).Select(layer => layer.Name)], rows: 2);
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    [DataRow("resnet20-cifar10.onnx")]
    [DataRow("squeezenet1.0.onnx")]
    public void The_shared_networks_have_the_same_numbers(string file)
    {
        using OnnxNetwork network = OnnxNetwork.Load(File.ReadAllBytes(SharedData.PathOrSkip("models", file)), file);
        Agree(network, [network.DefaultLayer!.Name], rows: 2);
    }

    [TestMethod]
    public void A_value_that_passes_the_layer_by_is_handed_over_too()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", 0, 3, 6, 6).Weight("kernel", 4, 3, 3, 3).Weight("other", 4, 3, 3, 3)
            .Node("Conv", "image kernel", "map").Node("Relu", "map", "layer").Node("Conv", "image other", "aside").Node("Add", "layer aside", "sum")
            .Node("GlobalAveragePool", "sum", "pooled").Node("Flatten", "pooled", "flat").Weight("weights", 4, 5).Weight("bias", 5)
            .Node("MatMul", "flat weights", "product").Node("Add", "bias product", "scores").Output("scores");
        using OnnxNetwork network = OnnxNetwork.Load(model.ToBytesWithoutOutputShapes(), "aside.onnx");
        Agree(network, ["layer"], rows: 3);
    }

    [TestMethod]
    [DataRow(1L)]
    [DataRow(0L)]
    public void A_reshape_that_was_rewritten_for_batches_is_rewritten_here_too(long batch)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", batch, 3, 6, 6).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before")
            .Node("Relu", "before", "layer").Node("GlobalAveragePool", "layer", "pooled").Ints("shape", batch, 4).Node("Reshape", "pooled shape", "flat")
            .Weight("weights", 5, 4).Weight("bias", 5).Node("Gemm", "flat weights bias", "scores", ("transB", 1), ("alpha", 0.5f), ("beta", 2f)).Output("scores");
        using OnnxNetwork network = OnnxNetwork.Load(model.ToBytesWithoutOutputShapes(), "reshape.onnx");
        Agree(network, ["layer"], rows: 5);
    }

    [TestMethod]
    public void Runs_repeat_bit_by_bit()
    {
        using OnnxNetwork network = OnnxNetwork.Load(Family.Named("ResNet-18").Write(), "resnet");
        string layer = network.DefaultLayer!.Name;
        Assert.IsNull(network.OpenRuntime([layer]));
        using DisposeScope scope = NewDisposeScope();
        Tensor images = Images(network, 3);
        float[][] runs = [.. Enumerable.Range(0, 3).Select(_ => network.Pass(images, layer, inRuntime: true).Gradients([[1, 2, 3]])[0].Floats())];
        CollectionAssert.AreEqual(runs[0], runs[1]);
        CollectionAssert.AreEqual(runs[0], runs[2]);
    }

    [TestMethod]
    public void A_network_whose_rows_run_one_by_one_stays_with_TorchSharp()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", 1, 3, 6, 6).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before").Node("Relu", "before", "layer")
            .Node("GlobalAveragePool", "layer", "pooled").Ints("all", -1).Node("Reshape", "pooled all", "vector").Ints("axis", 0).Node("Unsqueeze", "vector axis", "flat")
            .Weight("weights", 4, 5).Node("MatMul", "flat weights", "scores").Output("scores");
        using OnnxNetwork network = OnnxNetwork.Load(model.ToBytesWithoutOutputShapes(), "one.onnx");
        StringAssert.Contains(network.OpenRuntime(["layer"]), "one image at a time");
        using DisposeScope scope = NewDisposeScope();
        Close.AreClose(network.Logits(Images(network, 2)).Floats(), network.Logits(Images(network, 2), inRuntime: true).Floats(), 0, "scores");
    }

    [TestMethod]
    public void A_network_with_a_type_that_is_widened_here_is_refused_with_the_reason()
    {
        // Half-width floats are float32 in memory, and the file's own casts would narrow them in ONNX Runtime.
        OnnxModelBuilder model = new OnnxModelBuilder().Input("image", 0, 3, 6, 6).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before").Node("Relu", "before", "layer")
            .Node("Cast", "layer", "narrow", ("to", 10)).Node("Add", "narrow layer", "sum").Node("GlobalAveragePool", "sum", "pooled").Node("Flatten", "pooled", "flat")
            .Weight("weights", 4, 5).Node("MatMul", "flat weights", "scores").Output("scores");
        using ImageNetwork network = ImageNetwork.FromOnnx(model.ToBytesWithoutOutputShapes());
        EngineChoice choice = network.ChooseEngine(NetworkEngine.Auto, CPU, ["layer"]);
        Assert.AreEqual(NetworkEngine.TorchSharp, choice.Engine);
        StringAssert.Contains(choice.Reason, "not in ONNX Runtime: ");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => network.ChooseEngine(NetworkEngine.OnnxRuntime, CPU, ["layer"])).Message,
            "ONNX Runtime cannot run the network 'network.onnx'");
    }

    private static void Agree(OnnxNetwork network, string[] layers, int rows)
    {
        Assert.IsNull(network.OpenRuntime(layers));
        using DisposeScope scope = NewDisposeScope();
        Tensor images = Images(network, rows);
        long[] first = [.. Enumerable.Range(0, rows).Select(row => (long)((row + 1) % network.ClassCount))];
        long[] second = [.. Enumerable.Range(0, rows).Select(row => (long)(network.ClassCount - 1 - row))];
        foreach (string layer in layers)
        {
            using DisposeScope inner = NewDisposeScope();
            Assert.IsNull(network.WhyNoGradientInRuntime(layer), layer);
            (Tensor activation, Tensor logits) = network.RunFromLayer(images, layer);
            Tensor[] expected = [.. new[] { first, second }.Select(classes => autograd.grad([logits.gather(1, tensor(classes).unsqueeze(1)).sum()], [activation], retain_graph: true)[0])];
            foreach (bool inRuntime in (bool[])[true, false])
            {
                LayerPass pass = network.Pass(images, layer, inRuntime: inRuntime);
                AreClose(logits, pass.Logits, $"scores at {layer}");
                AreClose(activation, pass.Activation, $"maps of {layer}");
                Tensor[] actual = pass.Gradients([first, second]);
                AreClose(expected[0], actual[0], $"first gradient at {layer}");
                AreClose(expected[1], actual[1], $"second gradient at {layer}");

                // The same as a function of the outputs, and their sum.
                LayerPass toOutputs = network.Pass(images, layer, inRuntime: inRuntime, toOutputs: true);
                Tensor[] sums = toOutputs.Gradients(outputs => stack([Asked(outputs, first), Asked(outputs, first) + Asked(outputs, second)], 1));
                AreClose(expected[0], sums[0], $"first gradient of the outputs at {layer}");
                AreClose(expected[0] + expected[1], sums[1], $"sum of gradients at {layer}");
            }
        }

        AreClose(network.Logits(images), network.Logits(images, inRuntime: true), "scores");
    }

    private static Tensor Asked(Tensor outputs, long[] classes) => outputs.gather(1, tensor(classes).unsqueeze(1)).squeeze(1);

    private static void AreClose(Tensor expected, Tensor actual, string what)
    {
        float[] numbers = expected.Floats();
        CollectionAssert.AreEqual(expected.shape, actual.shape, what);
        Close.AreClose(numbers, actual.Floats(), Tolerance * Math.Max(1, numbers.Max(Math.Abs)), what);
    }

    private static Tensor Images(OnnxNetwork network, int rows)
        => tensor(OnnxModelBuilder.Numbers([rows, 3, network.InputHeight, network.InputWidth], 5), [rows, 3, network.InputHeight, network.InputWidth]);
}
