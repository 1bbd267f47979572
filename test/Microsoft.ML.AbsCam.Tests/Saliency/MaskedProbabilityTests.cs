using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Methods;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

[TestClass]
public sealed class MaskedProbabilityTests
{
    private const float Tolerance = 1e-4f;

    /// <summary>SqueezeNet has 512 maps; its final map's parity runs them all, so every sixty-fourth is enough here.</summary>
    private static readonly int MostOfSqueezeNet = Sweep.Of(8, 512);

    [TestMethod]
    [DynamicData(nameof(ParityCase.All), typeof(ParityCase))]
    public void The_probability_of_each_masked_image_is_that_of_PyTorch(string network, string image)
    {
        var parity = new ParityCase(network, image);
        ImageNetwork opened = parity.Opened;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Tensor input = parity.Read("input").ToTensor();
        Tensor activation = parity.Read("activation").ToTensor().reshape([1, .. parity.Read("activation").Shape.TakeLast(3)]);
        float[] expected = parity.Read("masked-probability").Values;
        Tensor gradient = parity.Read("gradient").ToTensor().reshape(activation.shape);
        Tensor weights = AbsCamInitial.Weights(gradient);
        float nothing = opened.RunForward(zeros_like(input), CPU).softmax(1)[0, parity.Target].ToSingle();
        using var scorer = new MaskScorer(input, activation * weights.unsqueeze(2).unsqueeze(3), (masked, _) => opened.RunForward(masked, CPU).softmax(1), passSize: 8);

        int step = Math.Max(1, expected.Length / (network == "squeezenet1.0" ? MostOfSqueezeNet : expected.Length));
        int compared = 0;
        foreach (int[] pass in Enumerable.Range(0, expected.Length).Where(channel => channel % step == 0).Chunk(scorer.PassSize))
        {
            MaskScores scores = scorer.Score([.. pass.Select(channel => (0, channel))]);
            for (int i = 0; i < pass.Length; i++)
            {
                // The reference masks with norm(up(w A)): a weight of 0 leaves it the image without anything on it.
                bool hasWeight = weights[0, pass[i]].ToSingle() > 0;
                Assert.AreEqual(expected[pass[i]], hasWeight ? scores.Probability(i, parity.Target) : nothing, Tolerance, $"channel {pass[i]}");
                compared += hasWeight ? 1 : 0;
            }
        }

        Assert.IsTrue(compared > 0, "no channel has a weight");
    }
}
