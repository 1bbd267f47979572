using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

[TestClass]
public sealed class ScoreRuleTests
{
    private const float Tolerance = 1e-5f;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Sigmoid_gives_each_class_a_probability_of_its_own()
    {
        (float[] logits, _) = OnnxRuntimeOracle.Run(TinyNetwork.Rectified.ToOnnx(), TinyNetwork.Image(0), [1, 3, TinyNetwork.Side, TinyNetwork.Side]);
        float[] actual = Scores(new AbsCamOptions { ScoreRule = ScoreRule.Sigmoid });
        for (int c = 0; c < logits.Length; c++)
        {
            Assert.AreEqual(1 / (1 + MathF.Exp(-logits[c])), actual[c], Tolerance);
        }
    }

    [TestMethod]
    public void Softmax_probabilities_add_up_to_one() => Assert.AreEqual(1, Scores(new AbsCamOptions()).Sum(), Tolerance);

    private float[] Scores(AbsCamOptions options)
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, options with { Columns = new() { Scores = "Scores" } });
        return [.. transformer.Transform(TinyNetwork.View(_context, 1)).GetColumn<VBuffer<float>>("Scores").Single().DenseValues()];
    }
}
