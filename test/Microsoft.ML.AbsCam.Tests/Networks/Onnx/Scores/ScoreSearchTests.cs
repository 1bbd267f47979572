using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Scores;

/// <summary>However a network spells its probabilities, its logits are explained, as those of the network without them.</summary>
[TestClass]
public sealed class ScoreSearchTests
{
    private const double Tolerance = 1e-5;
    private static readonly long[] Shape = [2, 3, 8, 8];
    private static readonly long[][] Classes = [[3, 0]];

    public static IEnumerable<object[]> SoftmaxSpellings => Spellings.OfSoftmax.Select(name => new object[] { name });

    public static IEnumerable<object[]> SigmoidSpellings => Spellings.OfSigmoid.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(SoftmaxSpellings))]
    public void However_a_softmax_is_spelled_the_logits_before_it_are_explained(string spelling) => AsPlain(Logits(5).Softmax(spelling), ScoreKind.BeforeSoftmax, 5);

    [TestMethod]
    [DynamicData(nameof(SigmoidSpellings))]
    public void However_a_sigmoid_is_spelled_the_logits_before_it_are_explained(string spelling) => AsPlain(Logits(5).Sigmoid(spelling), ScoreKind.BeforeSigmoid, 5);

    [TestMethod]
    [DynamicData(nameof(SigmoidSpellings))]
    public void So_are_those_of_a_single_score(string spelling) => AsPlain(Logits(1).Sigmoid(spelling), ScoreKind.BeforeSigmoid, 1);

    [TestMethod]
    public void A_temperature_belongs_to_the_logits()
    {
        OnnxModelBuilder model = Logits(5).Weight("temperature", [], 3f).Node("Div", "logits temperature", "cool").Softmax("one operator");
        model.Graph.Node[^1].Input[0] = "cool";
        using OnnxNetwork network = Load(model);
        using DisposeScope scope = NewDisposeScope();
        Close.AreClose((Plain() / 3).Floats(), network.Logits(Images()).Floats(), Tolerance, "logits");
    }

    [TestMethod]
    public void A_clip_that_clips_nothing_on_made_up_images_stays_part_of_the_network()
    {
        OnnxModelBuilder model = Logits(5).Weight("least", [], -1000f).Weight("most", [], 1000f).Node("Clip", "logits least most", "held").Node("Softmax", "held", "out", ("axis", 1)).OnlyOutput("out");
        using OnnxNetwork network = Load(model);
        StringAssert.Contains(network.Evidence.Finding, "'held'");
    }

    [TestMethod]
    public void A_softmax_of_a_softmax_is_explained_as_it_is_written()
    {
        using OnnxNetwork network = Load(Logits(5).Node("Softmax", "logits", "p", ("axis", 1)).Node("Softmax", "p", "out", ("axis", 1)).OnlyOutput("out"));
        using DisposeScope scope = NewDisposeScope();
        Close.AreClose(Plain().softmax(1).Floats(), network.Logits(Images()).Floats(), Tolerance, "logits");
    }

    [TestMethod]
    [DataRow(false, DisplayName = "two heads, half and half")]
    [DataRow(true, DisplayName = "groups and their members")]
    public void Probabilities_without_logits_are_explained_by_their_logarithm(bool isHierarchy)
    {
        OnnxModelBuilder model = Logits(5);
        model = isHierarchy
            ? model.Ints("halves", 2, 3).Node("Split", "logits halves", "left right", ("axis", 1)).Node("Softmax", "left", "pl", ("axis", 1)).Node("Softmax", "right", "pr", ("axis", 1))
                .Weight("group", 4, 1).Node("MatMul", "flat group", "g").Node("Sigmoid", "g", "pg").Weight("one", [], 1f).Node("Sub", "one pg", "ph").Node("Mul", "pl pg", "l").Node("Mul", "pr ph", "r")
                .Node("Concat", "l r", "out", ("axis", 1)).OnlyOutput("out")
            : model.Weight("other", 4, 5).Node("MatMul", "flat other", "logits2").Node("Softmax", "logits", "p1", ("axis", 1)).Node("Softmax", "logits2", "p2", ("axis", 1)).Node("Mean", "p1 p2", "out").OnlyOutput("out");
        using ImageNetwork network = ImageNetwork.FromOnnx(model.ToBytes());
        Assert.AreEqual(ScoreKind.Probabilities, network.ScoreEvidence.Kind);
        StringAssert.Contains(ScoreReading.Of(network).ToString(), "logarithm is explained");
        float[] expected = OnnxRuntimeOracle.Run(model.ToBytesWithoutOutputShapes(), Numbers(), Shape).Values;
        using DisposeScope scope = NewDisposeScope();
        ScoreReading reading = ScoreReading.Of(network);
        Close.AreClose(expected, reading.Probabilities(reading.Logits(network.RunForward(Images(), CPU))).Floats(), Tolerance, "probabilities");
    }

    [TestMethod]
    public void Two_groups_of_classes_with_a_softmax_each_are_probabilities_of_their_own()
    {
        OnnxModelBuilder model = Logits(4).Ints("halves", 2, 2).Node("Split", "logits halves", "left right", ("axis", 1)).Node("Softmax", "left", "pl", ("axis", 1)).Node("Softmax", "right", "pr", ("axis", 1))
            .Node("Concat", "pl pr", "out", ("axis", 1)).OnlyOutput("out");
        using ImageNetwork network = ImageNetwork.FromOnnx(model.ToBytes());
        Assert.AreEqual(ScoreKind.OwnProbabilities, network.ScoreEvidence.Kind);
        using DisposeScope scope = NewDisposeScope();
        ScoreReading reading = ScoreReading.Of(network);
        Close.AreClose(OnnxRuntimeOracle.Run(model.ToBytesWithoutOutputShapes(), Numbers(), Shape).Values, reading.Probabilities(reading.Logits(network.RunForward(Images(), CPU))).Floats(), Tolerance, "probabilities");
    }

    [TestMethod]
    public void A_learnt_mixture_of_probabilities_is_what_the_user_says_it_is()
    {
        OnnxModelBuilder model = Logits(2).Node("Sigmoid", "logits", "heads").Weight("shares", [2, 1], 0.7f, 0.3f).Node("MatMul", "heads shares", "out").OnlyOutput("out");
        using ImageNetwork network = ImageNetwork.FromOnnx(model.ToBytes());
        Assert.AreEqual(ScoreKind.Unclear, network.ScoreEvidence.Kind);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ScoreReading.Of(network)).Message, "nothing tells whether it is a probability");
        using DisposeScope scope = NewDisposeScope();
        ScoreReading reading = ScoreReading.Of(network, ScoreRule.Probabilities);
        float[] ofOne = OnnxRuntimeOracle.Run(model.ToBytesWithoutOutputShapes(), Numbers(), Shape).Values;
        Close.AreClose([.. ofOne.SelectMany(p => new[] { 1 - p, p })], reading.Probabilities(reading.Logits(network.RunForward(Images(), CPU))).Floats(), Tolerance, "probabilities");
    }

    [TestMethod]
    [DataRow("Tanh")]
    [DataRow("Exp")]
    public void A_quantity_that_happens_to_lie_in_0_to_1_is_no_probability_by_itself(string end)
    {
        // Of numbers that are positive for every image, made small enough.
        OnnxModelBuilder model = Logits(1).Node("Abs", "logits", "size").Weight("sign", [], end == "Exp" ? -0.1f : 0.1f).Node("Mul", "size sign", "small").Node(end, "small", "out").OnlyOutput("out");
        using ImageNetwork network = ImageNetwork.FromOnnx(model.ToBytes());
        Assert.AreEqual(ScoreKind.Unclear, network.ScoreEvidence.Kind, network.ScoreEvidence.Finding);
    }

    [TestMethod]
    public void A_small_bias_belongs_to_the_logits()
    {
        OnnxModelBuilder model = Logits(5).Weight("shift", [5], 0, 1e-3f, 0, 0, -1e-3f).Node("Add", "logits shift", "shifted").Node("Softmax", "shifted", "out", ("axis", 1)).OnlyOutput("out");
        using OnnxNetwork network = Load(model);
        StringAssert.Contains(network.Evidence.Finding, "'shifted'");
    }

    [TestMethod]
    public void Ordinary_logits_stay_logits_whatever_they_are()
    {
        foreach (OnnxModelBuilder model in new[] { Logits(5).OnlyOutput("logits"), Logits(1).OnlyOutput("logits"), Logits(5).Node("Relu", "logits", "out").OnlyOutput("out") })
        {
            using OnnxNetwork network = Load(model);
            Assert.AreEqual(ScoreKind.Logits, network.Evidence.Kind);
        }
    }

    [TestMethod]
    [DataRow("decomposed", 0.698406)]
    [DataRow("logdec", 0.698406)]
    [DataRow("percent", 0.698406)]
    [DataRow("plain", 0.698406)]
    [DataRow("sig", 0.434107)]
    [DataRow("sigdec", 0.434107)]
    [DataRow("sm4d_op13", 0.698406)]
    public void What_PyTorch_writes_gives_its_probability(string file, double expected)
    {
        string folder = SharedData.PathOrSkip("cases", "02-softmax-not-recognised");
        using ImageNetwork network = ImageNetwork.FromOnnx(Path.Combine(folder, file + ".onnx"));
        using DisposeScope scope = NewDisposeScope();
        ScoreReading reading = ScoreReading.Of(network);
        Tensor scores = network.RunForward(Npy.Read(Path.Combine(folder, "x.npy")).ToTensor().reshape(1, 3, 32, 32), CPU);
        Assert.AreEqual(expected, reading.Probabilities(reading.Logits(scores))[0, 0].item<float>(), 2e-6);
    }

    // A network of four channels whose scores are the value 'logits'.
    private static OnnxModelBuilder Logits(int classes) =>
        new OnnxModelBuilder().Input("image", 0, 3, 8, 8).Weight("kernel", 4, 3, 3, 3).Node("Conv", "image kernel", "before").Node("Relu", "before", "map").Node("GlobalAveragePool", "map", "pooled")
            .Node("Flatten", "pooled", "flat").Weight("weights", 4, classes).Weight("bias", classes).Node("Gemm", "flat weights bias", "logits");

    private static OnnxNetwork Load(OnnxModelBuilder model) => OnnxNetwork.Load(model.ToBytes(), "spelled.onnx");

    private static float[] Numbers() => OnnxModelBuilder.Numbers(Shape, 11);

    private static Tensor Images() => tensor(Numbers(), Shape);

    private static Tensor Plain(int classes = 5)
    {
        using OnnxNetwork plain = Load(Logits(classes).OnlyOutput("logits"));
        return plain.Logits(Images());
    }

    private static void AsPlain(OnnxModelBuilder model, ScoreKind kind, int classes)
    {
        using OnnxNetwork network = Load(model);
        using OnnxNetwork plain = Load(Logits(classes).OnlyOutput("logits"));
        using DisposeScope scope = NewDisposeScope();
        Assert.AreEqual(kind, network.Evidence.Kind, network.Evidence.Finding);
        Close.AreClose(plain.Logits(Images()).Floats(), network.Logits(Images()).Floats(), Tolerance, "logits");
        long[][] asked = classes == 1 ? [[0, 0]] : Classes;
        LayerPass expected = plain.Pass(Images(), "map");
        LayerPass pass = network.Pass(Images(), "map");
        Close.AreClose(expected.Gradients(asked)[0].Floats(), pass.Gradients(asked)[0].Floats(), Tolerance, "gradient");
        Assert.AreEqual("map", network.DefaultLayer?.Name);
    }
}
