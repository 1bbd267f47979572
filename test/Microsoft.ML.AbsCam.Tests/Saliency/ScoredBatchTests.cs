using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>Which classes are the highest.</summary>
[TestClass]
public sealed class ScoredBatchTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(50)]
    public void The_highest_classes_come_in_falling_order_and_equal_ones_by_their_index(int count)
    {
        const int Rows = 20;
        const int Classes = 50;
        using DisposeScope scope = NewDisposeScope();
        var random = SplitMix.Of(4);

        // Few values, so that many are equal; and one that is no number.
        float[] logits = [.. Enumerable.Range(0, Rows * Classes).Select(i => i == 7 ? float.NaN : (float)Math.Floor(8 * random.Uniform()) - 4)];
        var scored = new ScoredBatch(tensor(logits, [Rows, Classes]), scores => scores.softmax(1), null, count);
        for (int row = 0; row < Rows; row++)
        {
            int[] expected = [.. Enumerable.Range(0, Classes).OrderByDescending(c => logits[(row * Classes) + c]).ThenBy(c => c).Take(count)];
            CollectionAssert.AreEqual(expected, scored.Targets[(row * count)..((row + 1) * count)], $"row {row}");
        }
    }
}
