using Microsoft.ML.AbsCam.Networks;

namespace Microsoft.ML.AbsCam.Tests.Networks;

/// <summary>What values alone give away.</summary>
[TestClass]
public sealed class ProbeScoresTests
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
    public void Rows_that_add_up_are_probabilities(float[] scores, int classes, double? expected) => Assert.AreEqual(expected, ProbeScores.TotalOf(scores, classes));

    [TestMethod]
    public void Logits_are_believed_where_their_softmax_is_the_output()
    {
        float[] logits = [2, 0, 1000, 999, float.NaN, 1];
        float[] output = [0.880797f, 0.119203f, 0.731059f, 0.268941f, float.NaN, float.NaN];
        Assert.IsTrue(ProbeScores.IsSoftmax(logits, output, 2));
        Assert.IsTrue(ProbeScores.IsSoftmax(logits, [.. output.Select(p => 100 * p)], 2, total: 100));
        Assert.IsFalse(ProbeScores.IsSoftmax([.. logits.Select(logit => logit / 2)], output, 2));
        Assert.IsFalse(ProbeScores.IsSoftmax(logits.AsSpan(0, 4), output, 2));
    }

    [TestMethod]
    public void Logits_are_believed_where_their_sigmoid_is_the_output()
    {
        Assert.IsTrue(ProbeScores.IsSigmoid([2, 0, -100], [0.880797f, 0.5f, 0]));
        Assert.IsFalse(ProbeScores.IsSigmoid([2, 0.1f, -100], [0.880797f, 0.5f, 0]));
    }
}
