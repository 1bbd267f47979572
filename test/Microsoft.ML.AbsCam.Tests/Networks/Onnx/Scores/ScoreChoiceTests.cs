using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Scores;

[TestClass]
public sealed class ScoreChoiceTests
{
    [TestMethod]
    [DataRow("flat", "scores")]
    [DataRow("scores", "flat")]
    public void Features_beside_logits_are_refused_by_name_in_either_order(string first, string second)
    {
        OnnxModelBuilder model = RefusedModel.Classifier().OnlyOutput(first).Output(second);
        RefusedModel.Refused(model, "several outputs may hold the class scores", "'flat' [1, 4]", "'scores' [1, 3]", "scoresOutput", "AbsCamOptions.ScoresOutput", "--scores-output");
    }

    [TestMethod]
    [DataRow("flat", "scores")]
    [DataRow("scores", "flat")]
    public void The_number_of_classes_tells(string first, string second)
    {
        OnnxModelBuilder model = RefusedModel.Classifier().OnlyOutput(first).Output(second);
        Assert.AreEqual(("scores", 3), Chosen(model, labels: 3));
        Assert.AreEqual(("flat", 4), Chosen(model, labels: 4));
        Assert.ThrowsExactly<NetworkLoadException>(() => Chosen(model, labels: 7));
    }

    [TestMethod]
    public void A_name_tells_of_an_output_and_of_a_value_inside()
    {
        OnnxModelBuilder model = RefusedModel.Classifier().OnlyOutput("flat").Output("scores");
        Assert.AreEqual(("flat", 4), Chosen(model, asked: "flat"));
        Assert.AreEqual(("scores", 3), Chosen(model, asked: "scores"));
        Assert.AreEqual(("pooled", 4), Chosen(model, asked: "pooled"));
    }

    [TestMethod]
    [DataRow("flat", "p")]
    [DataRow("p", "flat")]
    public void A_softmax_tells(string first, string second) =>
        Assert.AreEqual(("p", 3), Chosen(RefusedModel.Classifier().Node("Softmax", "scores", "p", ("axis", 1)).OnlyOutput(first).Output(second)));

    [TestMethod]
    public void A_label_tells_which_scores_it_ranks() =>
        Assert.AreEqual(("scores", 3), Chosen(RefusedModel.Classifier().Node("ArgMax", "scores", "label", ("axis", 1)).OnlyOutput("flat").Output("label")));

    [TestMethod]
    [DataRow("ArgMin")]
    [DataRow("TopK")]
    public void Distances_of_which_the_least_is_taken_are_refused_unless_they_are_named(string ranking)
    {
        OnnxModelBuilder model = RefusedModel.Classifier();
        model = ranking == "ArgMin" ? model.Node("ArgMin", "scores", "label", ("axis", 1)) : model.Ints("one", 1).Node("TopK", "scores one", "best label", ("largest", 0));
        RefusedModel.Refused(model.OnlyOutput("scores").Output("label"), "'label' takes the least of 'scores'", "negatives");
        Assert.AreEqual(("scores", 3), Chosen(model, asked: "scores"));
    }

    [TestMethod]
    public void Class_names_in_another_order_than_the_scores_are_left_out()
    {
        OnnxModelBuilder model = RefusedModel.Classifier().Node("ArgMax", "scores", "place", ("axis", 1), ("keepdims", 0)).Ints("order", 2, 0, 1).Node("Gather", "order place", "other")
            .Texts("names", "a", "b", "c").Node("Gather", "names other", "label").OnlyOutput("scores").Output("label");
        using OnnxNetwork network = OnnxNetwork.Load(model.ToBytes(), "m.onnx");
        Assert.IsNull(network.Labels);
        StringAssert.Contains(network.LabelTrouble, "their order may be another");
    }

    [TestMethod]
    [DataRow("scores", "p", "log")]
    [DataRow("p", "log", "scores")]
    [DataRow("log", "scores", "p")]
    public void Logits_and_what_is_made_of_them_are_the_same_scores(string first, string second, string third)
    {
        OnnxModelBuilder model = RefusedModel.Classifier().Node("Softmax", "scores", "p", ("axis", 1)).Node("Log", "p", "log").OnlyOutput(first).Output(second).Output(third);
        using OnnxNetwork network = OnnxNetwork.Load(model.ToBytes(), "m.onnx");
        Assert.AreEqual(ScoreKind.BeforeSoftmax, network.Evidence.Kind);
        using OnnxNetwork plain = OnnxNetwork.Load(RefusedModel.Classifier().ToBytes(), "plain.onnx");
        using DisposeScope scope = NewDisposeScope();
        Tensor image = tensor(OnnxModelBuilder.Numbers([1, 3, 8, 8], 5), [1, 3, 8, 8]);
        Close.AreClose(plain.Logits(image).Floats(), network.Logits(image).Floats(), 1e-6, "logits");
    }

    [TestMethod]
    public void Heads_with_as_many_classes_each_are_refused()
    {
        OnnxModelBuilder model = RefusedModel.Classifier().Weight("aux", 4, 3).Node("Gemm", "flat aux", "auxiliary").Node("Softmax", "scores", "p", ("axis", 1)).Node("Softmax", "auxiliary", "q", ("axis", 1))
            .OnlyOutput("p").Output("q");
        RefusedModel.Refused(model, "'p' [1, 3]", "'q' [1, 3]");
        Assert.ThrowsExactly<NetworkLoadException>(() => Chosen(model, labels: 3));
    }

    [TestMethod]
    public void Maps_and_whole_numbers_beside_scores_are_none() =>
        Assert.AreEqual(("scores", 3), Chosen(RefusedModel.Classifier().Node("Shape", "image", "sizes").OnlyOutput("map").Output("sizes").Output("scores")));

    [TestMethod]
    public void What_the_log_and_the_saved_pipeline_say_is_the_output_that_is_explained()
    {
        byte[] bytes = RefusedModel.Classifier().Node("Softmax", "scores", "p", ("axis", 1)).OnlyOutput("flat").Output("p").ToBytes();
        using ImageNetwork network = ImageNetwork.FromOnnx(bytes);
        Assert.AreEqual("p", network.ScoresOutput);
        StringAssert.Contains(network.Remark, "Of the outputs 'flat', 'p', the scores are 'p'.");
        using ImageNetwork only = ImageNetwork.FromOnnx(RefusedModel.Classifier().ToBytes());
        Assert.IsNull(only.ScoresOutput);
        Assert.IsNull(only.Remark);
    }

    [TestMethod]
    public void Options_that_name_another_output_than_the_network_was_opened_for_are_refused()
    {
        byte[] bytes = RefusedModel.Classifier().OnlyOutput("flat").Output("scores").ToBytes();
        using ImageNetwork network = ImageNetwork.FromOnnx(bytes, scoresOutput: "scores");
        MLContext context = new(seed: 1);
        IDataView data = VectorRow.View(context, [new VectorRow { Input = new float[3 * 8 * 8] }], 3, 8, 8);
        using AbsCamTransformer right = context.Transforms.AbsCam("Map", nameof(VectorRow.Input), network, new AbsCamOptions { ScoresOutput = "scores" }).Fit(data);
        Assert.HasCount(64, right.Transform(data).GetColumn<float[]>("Map").Single());
        using AbsCamTransformer wrong = context.Transforms.AbsCam("Map", nameof(VectorRow.Input), network, new AbsCamOptions { ScoresOutput = "flat" }).Fit(data);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => wrong.Transform(data).GetColumn<float[]>("Map").Single()).Message, "opened for 'scores'");
    }

    [TestMethod]
    public void A_saved_pipeline_explains_the_same_output()
    {
        using var file = new TemporaryFile(".onnx");
        File.WriteAllBytes(file.Path, RefusedModel.Classifier().OnlyOutput("flat").Output("scores").ToBytes());
        MLContext context = new(seed: 1);
        IDataView data = VectorRow.View(context, [new VectorRow { Input = OnnxModelBuilder.Numbers([3, 8, 8], 4) }], 3, 8, 8);
        foreach (AbsCamOptions options in new[] { new AbsCamOptions { ScoresOutput = "scores", Columns = new() { Scores = "Scores" } }, new AbsCamOptions { Labels = ["a", "b", "c"], Columns = new() { Scores = "Scores" } } })
        {
            using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(VectorRow.Input), file.Path, options).Fit(data);
            float[] expected = transformer.Transform(data).GetColumn<float[]>("Scores").Single();
            Assert.HasCount(3, expected);
            using var saved = new MemoryStream();
            context.Model.Save(transformer, data.Schema, saved);
            saved.Position = 0;
            ITransformer loaded = context.Model.Load(saved, out _);
            CollectionAssert.AreEqual(expected, loaded.Transform(data).GetColumn<float[]>("Scores").Single());
            (loaded as IDisposable)?.Dispose();
        }
    }

    [TestMethod]
    public void Names_inside_the_file_are_the_classes_names()
    {
        string[] names = ["cat", "dog", "owl"];
        using ImageNetwork network = ImageNetwork.FromOnnx(RefusedModel.Classifier().LearningNode("ZipMap", "scores", "loss", ("classlabels_strings", names)).OnlyOutput("loss").ToBytes());
        CollectionAssert.AreEqual(names, network.Labels!.ToArray());
        MLContext context = new(seed: 1);
        IDataView data = VectorRow.View(context, [new VectorRow { Input = OnnxModelBuilder.Numbers([3, 8, 8], 4) }], 3, 8, 8);
        using AbsCamTransformer transformer = context.Transforms.AbsCam("Map", nameof(VectorRow.Input), network, new AbsCamOptions { Columns = new() { Class = "Class" } }).Fit(data);
        VBuffer<ReadOnlyMemory<char>> keys = default;
        transformer.GetOutputSchema(data.Schema)["Class"].GetKeyValues(ref keys);
        CollectionAssert.AreEqual(names, keys.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void Names_that_are_not_one_a_class_are_left_out_with_a_word()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(RefusedModel.Classifier().LearningNode("ZipMap", "scores", "loss", ("classlabels_strings", (string[])["cat", "dog"])).OnlyOutput("loss").ToBytes());
        Assert.IsNull(network.Labels);
        StringAssert.Contains(network.Remark, "The file names 2 classes, and there are 3 scores");
    }

    [TestMethod]
    public void What_CustomVision_writes_gives_its_probability_and_names()
    {
        string folder = SharedData.PathOrSkip("cases", "11-zipmap");
        using ImageNetwork network = ImageNetwork.FromOnnx(Path.Combine(folder, "zip.onnx"));
        using DisposeScope scope = NewDisposeScope();
        ScoreReading reading = ScoreReading.Of(network);
        Tensor scores = network.RunForward(Npy.Read(Path.Combine(folder, "x.npy")).ToTensor().reshape(1, 3, 32, 32), CPU);
        Assert.AreEqual(0.698406, reading.Probabilities(reading.Logits(scores))[0, 0].item<float>(), 2e-6);
        Assert.HasCount(5, network.Labels!);
    }

    private static (string Output, int Classes) Chosen(OnnxModelBuilder model, string? asked = null, int? labels = null)
    {
        using OnnxNetwork network = OnnxNetwork.Load(model.ToBytes(), "m.onnx", scoresOutput: asked, labels: labels);
        return (network.ScoresOutput, network.ClassCount);
    }
}
