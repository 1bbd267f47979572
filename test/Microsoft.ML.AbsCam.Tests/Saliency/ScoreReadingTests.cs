using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>From scores to logits and probabilities of classes, against the definitions in double.</summary>
[TestClass]
public sealed class ScoreReadingTests
{
    private const double Tolerance = 1e-5;
    private static readonly double[] Logits = [1.5, -0.5, 0.25];

    [TestMethod]
    [DataRow(nameof(ScoreKind.Logits))]
    [DataRow(nameof(ScoreKind.BeforeSoftmax))]
    [DataRow(nameof(ScoreKind.Unclear))]
    public void Plain_scores_get_a_softmax(string kind) => Gives(Found(kind), ScoreRule.Auto, Logits, Logits, Softmax(Logits));

    [TestMethod]
    public void Scores_before_a_sigmoid_get_one() => Gives(new ScoreEvidence(ScoreKind.BeforeSigmoid), ScoreRule.Auto, Logits, Logits, [.. Logits.Select(Sigmoid)]);

    [TestMethod]
    [DataRow(1.0)]
    [DataRow(100.0)]
    public void Probabilities_are_taken_as_they_are_and_their_logarithm_is_explained(double total)
        => Gives(new ScoreEvidence(ScoreKind.Probabilities, null, total), ScoreRule.Auto, [.. Softmax(Logits).Select(p => p * total)], [.. Softmax(Logits).Select(p => Math.Log(p))], Softmax(Logits));

    [TestMethod]
    public void Probabilities_of_each_class_s_own_are_taken_as_they_are_and_their_log_odds_are_explained()
        => Gives(new ScoreEvidence(ScoreKind.OwnProbabilities), ScoreRule.Auto, [.. Logits.Select(Sigmoid)], Logits, [.. Logits.Select(Sigmoid)]);

    [TestMethod]
    public void Unclear_scores_are_probabilities_where_the_user_says_so()
        => Gives(new ScoreEvidence(ScoreKind.Unclear), ScoreRule.Probabilities, [0.2, 0.9, 0.4], [Math.Log(0.2), Math.Log(0.9), Math.Log(0.4)], [0.2, 0.9, 0.4]);

    [TestMethod]
    public void Where_there_is_a_softmax_its_logits_are_explained_by_the_rule_of_probabilities_too()
        => Gives(new ScoreEvidence(ScoreKind.BeforeSoftmax), ScoreRule.Probabilities, Logits, Logits, Softmax(Logits));

    [TestMethod]
    public void Scores_that_are_none_stand_for_themselves() => Gives(new ScoreEvidence(ScoreKind.Logits), ScoreRule.None, Logits, Logits, Logits);

    [TestMethod]
    public void One_logit_stands_for_two_classes() => Gives(new ScoreEvidence(ScoreKind.Logits), ScoreRule.Auto, [0.7], [-0.7, 0.7], [1 - Sigmoid(0.7), Sigmoid(0.7)]);

    [TestMethod]
    [DataRow(nameof(ScoreKind.OwnProbabilities), ScoreRule.Auto)]
    [DataRow(nameof(ScoreKind.OwnProbabilities), ScoreRule.Probabilities)]
    [DataRow(nameof(ScoreKind.Unclear), ScoreRule.Probabilities)]
    public void One_probability_stands_for_two_classes(string kind, ScoreRule rule)
        => Gives(Found(kind), rule, [Sigmoid(0.7)], [-0.7, 0.7], [1 - Sigmoid(0.7), Sigmoid(0.7)]);

    [TestMethod]
    public void One_score_is_one_label_where_a_sigmoid_is_asked_for() => Gives(new ScoreEvidence(ScoreKind.Logits), ScoreRule.Sigmoid, [0.7], [0.7], [Sigmoid(0.7)]);

    [TestMethod]
    public void One_score_is_one_number_where_it_is_no_probability() => Gives(new ScoreEvidence(ScoreKind.Unclear), ScoreRule.None, [0.7], [0.7], [0.7]);

    [TestMethod]
    [DataRow(nameof(ScoreKind.Logits), 1, ScoreRule.Softmax, "the softmax of one score is always 1")]
    [DataRow(nameof(ScoreKind.Unclear), 1, ScoreRule.Auto, "nothing tells whether it is a probability or a logit")]
    [DataRow(nameof(ScoreKind.BeforeSoftmax), 1, ScoreRule.Auto, "ends in the softmax of one score")]
    [DataRow(nameof(ScoreKind.BeforeSoftmax), 1, ScoreRule.Probabilities, "ends in the softmax of one score")]
    [DataRow(nameof(ScoreKind.Logits), 3, ScoreRule.Probabilities, "some lie outside of 0 to 1")]
    public void A_rule_that_can_mean_nothing_is_refused(string kind, int scores, ScoreRule rule, string expected)
    {
        ArgumentException refused = Assert.ThrowsExactly<ArgumentException>(() => ScoreReading.Of("net", scores, Found(kind), rule));
        Assert.Contains(expected, refused.Message);
    }

    [TestMethod]
    public void Numbers_that_are_no_probabilities_after_all_become_no_number()
    {
        ScoreReading reading = ScoreReading.Of("net", 3, new ScoreEvidence(ScoreKind.Unclear), ScoreRule.Probabilities);
        using Tensor scores = tensor([0.5f, -0.2f, 1.4f], [1, 3]);
        float[] read = reading.Probabilities(reading.Logits(scores)).ToFloats();
        Assert.AreEqual("0.5 NaN NaN", string.Join(' ', read.Select(p => p.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture))));
    }

    [TestMethod]
    public void Sure_probabilities_have_finite_logits()
    {
        ScoreReading reading = ScoreReading.Of("net", 2, new ScoreEvidence(ScoreKind.OwnProbabilities), ScoreRule.Auto);
        using Tensor scores = tensor([0f, 1f], [1, 2]);
        Assert.IsTrue(reading.Logits(scores).isfinite().all().item<bool>());
        Close.AreClose([0f, 1f], reading.Probabilities(reading.Logits(scores)).ToFloats(), 1e-7, "probabilities");
    }

    private static void Gives(ScoreEvidence found, ScoreRule rule, double[] scores, double[] logits, double[] probabilities)
    {
        using DisposeScope scope = NewDisposeScope();
        ScoreReading reading = ScoreReading.Of("net", scores.Length, found, rule);
        Tensor given = tensor(scores.Select(score => (float)score).ToArray(), [1, scores.Length]);
        Tensor read = reading.Logits(given);
        Assert.AreEqual(logits.Length, reading.ClassCount);
        AreClose(logits, read, "logits");
        AreClose(probabilities, reading.Probabilities(read), "probabilities");
        float[] onHost = reading.Logits(given.ToFloats());
        Close.AreClose([.. logits.Select(value => (float)value)], onHost, Tolerance, "logits, without TorchSharp");
        Close.AreClose([.. probabilities.Select(value => (float)value)], reading.Probabilities(onHost), Tolerance, "probabilities, without TorchSharp");
        Assert.AreEqual(rule != ScoreRule.None, reading.HasProbabilities);
        AreSlopes(reading, given);
    }

    /// <summary>The factor of each class's gradient is the slope of its logit along its score, by libtorch's own derivative.</summary>
    private static void AreSlopes(ScoreReading reading, Tensor given)
    {
        for (int c = 0; c < reading.ClassCount; c++)
        {
            Tensor leaf = given.clone().requires_grad_(true);
            int score = (int)reading.ScoresOf([[c]])[0][0];
            Tensor slope = autograd.grad([reading.Logits(leaf)[0, c]], [leaf])[0];
            Tensor[] risen = reading.OfLogits([full([1, 2, 1, 1], 3f)], given, [[c]]);
            float expected = 3 * slope[0, score].ToSingle();
            Close.AreClose([expected, expected], risen[0].ToFloats(), Tolerance * Math.Abs(expected), $"gradient of class {c}");
        }
    }

    private static void AreClose(double[] expected, Tensor actual, string what) => Close.AreClose([.. expected.Select(value => (float)value)], actual.ToFloats(), Tolerance, what);

    // Test methods are public, and the kinds are not.
    private static ScoreEvidence Found(string kind) => new(Enum.Parse<ScoreKind>(kind));

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    private static double[] Softmax(double[] logits) => [.. logits.Select(logit => Math.Exp(logit) / logits.Sum(Math.Exp))];
}
