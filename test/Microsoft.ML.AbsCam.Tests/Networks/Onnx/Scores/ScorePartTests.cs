using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static Microsoft.ML.AbsCam.Tests.Support.RefusedModel;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Scores;

[TestClass]
public sealed class ScorePartTests
{
    private static readonly string[] Names = ["cat", "dog", "owl"];
    private static readonly string[] Shuffled = ["owl", "cat", "dog"];
    private static readonly long[] Places = [2, 0, 1];
    private static readonly long[] Numbers = [7, 8, 9];

    [TestMethod]
    public void A_ZipMap_behind_the_scores_does_not_stop_a_network() =>
        ScoresAsPlain(Classifier().LearningNode("ZipMap", "scores", "loss", ("classlabels_strings", Names)).OnlyOutput("loss"), Names);

    [TestMethod]
    public void A_text_label_beside_it_does_not_either() =>
        ScoresAsPlain(
            Classifier().Texts("names", Names).Node("ArgMax", "scores", "best", ("axis", 1)).LearningNode("ArrayFeatureExtractor", "names best", "name").Ints("shape", -1, 1)
                .Node("Reshape", "name shape", "label").LearningNode("ZipMap", "scores", "loss", ("classlabels_int64s", Numbers)).OnlyOutput("label").Output("loss"),
            Names);

    [TestMethod]
    public void A_label_alone_leads_to_the_scores_that_it_ranks() =>
        ScoresAsPlain(Classifier().Node("ArgMax", "scores", "best", ("axis", 1)).Node("Cast", "best", "label", ("to", 6)).OnlyOutput("label"), null);

    [TestMethod]
    public void A_label_looked_up_in_texts_leads_to_the_scores() =>
        ScoresAsPlain(Classifier().Texts("names", Names).Node("ArgMax", "scores", "best", ("axis", 1), ("keepdims", 0)).Node("Gather", "names best", "label").OnlyOutput("label"), Names);

    [TestMethod]
    public void A_label_encoder_names_the_classes() =>
        ScoresAsPlain(
            Classifier().Node("ArgMax", "scores", "best", ("axis", 1))
                .LearningNode("LabelEncoder", "best", "label", ("keys_int64s", Places), ("values_strings", Shuffled)).OnlyOutput("label"),
            Names);

    [TestMethod]
    public void The_best_few_are_no_scores_and_lead_to_those_that_are_ranked() =>
        ScoresAsPlain(Classifier().Ints("k", 2).Node("TopK", "scores k", "values indices").OnlyOutput("values").Output("indices"), null);

    [TestMethod]
    public void An_output_that_cannot_be_imported_is_left_out()
    {
        OnnxModelBuilder model = Classifier().Node("NonMaxSuppression", "scores scores", "kept").Output("kept", 0, 3);
        Refused(model, "several outputs may hold the class scores", "'scores' [1, 3]", "'kept' (which cannot be imported", "scoresOutput");

        // Whole numbers are no scores.
        model.Graph.Output[^1].Type.TensorType.ElemType = 7;
        ScoresAsPlain(model, null);
        ScorePart part = ScorePart.Of(OnnxFile.Parse(model.ToBytes(), "m.onnx"), "m.onnx", null);
        StringAssert.Contains(part.LeftOut.Single().Why, "NonMaxSuppression");
    }

    [TestMethod]
    public void What_no_output_needs_is_not_read()
    {
        OnnxModelBuilder model = Classifier().Weight("broken", [4], 1f).Node("Mul", "broken broken", "nothing").Input("label", 1);
        ScoresAsPlain(model, null);
    }

    [TestMethod]
    public void Where_every_output_needs_it_the_first_obstacle_is_named() =>
        Refused(Classifier().Node("NonMaxSuppression", "scores scores", "kept").Node("Det", "scores", "some").OnlyOutput("kept").Output("some"), "NonMaxSuppression", "'kept'");

    [TestMethod]
    public void An_output_that_is_asked_for_and_is_not_there_is_refused_with_the_others() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<NetworkLoadException>(() => ScorePart.Of(OnnxFile.Parse(Classifier().ToBytes(), "m.onnx"), "m.onnx", "score")).Message, "Did you mean 'scores'");

    // The numbers of the same network without its tail.
    private static void ScoresAsPlain(OnnxModelBuilder model, string[]? labels)
    {
        byte[] bytes = model.ToBytes();
        long[] one = [1, 3, 8, 8];
        float[] image = OnnxModelBuilder.Numbers(one, 3);
        using OnnxNetwork network = OnnxNetwork.Load(bytes, "tail.onnx");
        using DisposeScope scope = NewDisposeScope();
        Close.AreClose(OnnxRuntimeOracle.Run(Classifier().ToBytesWithoutOutputShapes(), image, one).Values, network.Logits(tensor(image, one)).Floats(), 1e-5, "scores");
        ScorePart part = ScorePart.Of(OnnxFile.Parse(bytes, "tail.onnx"), "tail.onnx", null);
        CollectionAssert.AreEqual(labels, part.Outputs.Select(output => output.Labels).FirstOrDefault(found => found is not null)?.ToArray());
    }
}
