using Microsoft.ML.AbsCam.Networks;

namespace Microsoft.ML.AbsCam.Tests.Networks;

/// <summary>What values alone give away.</summary>
[TestClass]
public sealed class ScoreRowsTests
{
    [TestMethod]
    [DataRow(new[] { 0.2f, 0.8f, 0.5f, 0.5f }, 2, 1.0)]
    [DataRow(new[] { 20f, 80f, 50f, 50f }, 2, 100.0)]
    [DataRow(new[] { 0.2f, 0.8f, 0.5f, 0.6f }, 2, null)]
    [DataRow(new[] { -0.2f, 1.2f, 0.5f, 0.5f }, 2, null)]
    [DataRow(new[] { 0.2f, 0.8f, 0.2f, 0.8f }, 2, null)]
    [DataRow(new[] { 0.2f, 0.8f }, 2, null)]
    [DataRow(new[] { 1f, 1f, 1f }, 1, null)]
    [DataRow(new[] { float.NaN, 0.8f, 0.5f, 0.5f }, 2, null)]
    public void Rows_that_add_up_are_probabilities(float[] scores, int classes, double? expected)
    {
        ScoreRows rows = ScoreRows.Of(scores, classes);
        if (expected is double total)
        {
            Assert.AreEqual(total, rows.Total!.Value, 1e-6 * total);
            Assert.AreEqual(new { Kind = ScoreKind.Probabilities, Total = total }, new { rows.Judged().Kind, rows.Judged().Total });
        }
        else
        {
            Assert.IsNull(rows.Total);
            Assert.AreNotEqual(ScoreKind.Probabilities, rows.Judged().Kind);
        }
    }

    [TestMethod]
    public void Logits_fit_where_their_softmax_is_the_output_and_rows_without_numbers_say_nothing()
    {
        float[] logits = [2, 0, 1000, 999, float.NaN, 1];
        ScoreRows output = ScoreRows.Of([0.880797f, 0.119203f, 0.731059f, 0.268941f, float.NaN, float.NaN], width: 2);
        Assert.IsTrue(output.FitSoftmaxOf(ScoreRows.Of(logits, width: 2)));
        Assert.IsFalse(output.FitSoftmaxOf(ScoreRows.Of([.. logits.Select(logit => logit / 2)], width: 2)));
        Assert.IsFalse(output.FitSoftmaxOf(ScoreRows.Of(logits.AsSpan(0, 4), width: 2)), "there are fewer rows");
    }

    [TestMethod]
    public void Logits_are_only_believed_where_others_would_give_another_output()
    {
        ScoreRows sure = ScoreRows.Of([1, 0, 0, 1], width: 2);
        Assert.IsTrue(sure.FitSoftmaxOf(ScoreRows.Of([100, -100, -100, 100], width: 2)));
        Assert.IsFalse(sure.AreSoftmaxOf(ScoreRows.Of([100, -100, -100, 100], width: 2)), "twice the logits would give it too");
        Assert.IsTrue(ScoreRows.Of([0.880797f, 0.119203f], width: 2).AreSoftmaxOf(ScoreRows.Of([2, 0], width: 2)));
    }

    [TestMethod]
    public void Logits_fit_where_their_sigmoid_is_the_output()
    {
        ScoreRows output = ScoreRows.Of([0.880797f, 0.5f, 0], width: 3);
        Assert.IsTrue(output.FitSigmoidOf(ScoreRows.Of([2, 0, -100], width: 3)));
        Assert.IsTrue(output.AreSigmoidOf(ScoreRows.Of([2, 0, -100], width: 3)));
        Assert.IsFalse(output.FitSigmoidOf(ScoreRows.Of([2, 0.1f, -100], width: 3)));
    }

    [TestMethod]
    [DataRow(new[] { -1f, 2f }, true)]
    [DataRow(new[] { 0f, 2f }, false)]
    [DataRow(new[] { -3f, -0.05f }, false)]
    [DataRow(new[] { float.NaN, 2f }, false)]
    public void Numbers_on_both_sides_of_zero_are_plain_logits(float[] scores, bool expected) => Assert.AreEqual(expected, ScoreRows.Of(scores, scores.Length).ArePlainLogits);
}
