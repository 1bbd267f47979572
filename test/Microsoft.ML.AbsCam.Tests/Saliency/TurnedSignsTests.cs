using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>A channel whose sign is turned, and that of its weights too, makes the same network: which methods notice.</summary>
[TestClass]
public sealed class TurnedSignsTests
{
    private const int Target = 1;
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void A_method_that_does_not_take_activations_for_positive_has_the_same_map()
    {
        foreach (SaliencyMethod method in SaliencyMethod.All.Where(method => method.UsesLayer))
        {
            float[][] maps = Maps(method, turned: false);
            float[][] turned = Maps(method, turned: true);
            double apart = maps.Zip(turned, (map, other) => map.Zip(other, (a, b) => Math.Abs((double)a - b)).Max()).Max();
            Assert.AreEqual(method.AssumesPositive, !(apart <= Tolerance), $"{method}: {apart} apart");
        }
    }

    [TestMethod]
    [DataRow("layer-cam", true)]
    [DataRow("smooth(score-cam)", true)]
    [DataRow("grad-cam", false)]
    [DataRow("rise", false)]
    public void It_is_said_where_a_method_takes_them_for_positive_and_they_are_not(string method, bool isSaid)
    {
        var options = new AbsCamOptions { Method = SaliencyMethod.Parse(method) };
        using ImageNetwork signed = TinyNetwork.Signed.Open();
        using ImageNetwork rectified = TinyNetwork.Rectified.Open();
        Assert.AreEqual(isSaid, options.FindingsFor(signed).Any(IsOfSigns));
        Assert.IsFalse(options.FindingsFor(rectified).Any(IsOfSigns));

        static bool IsOfSigns(string finding) => finding.Contains("takes activations for positive, and those of the layer 'map' reach from -", StringComparison.Ordinal);
    }

    private static float[][] Maps(SaliencyMethod method, bool turned)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(Model(turned ? -1 : 1));
        return MethodRun.Of(method, network, Target, ["map"]).Maps;
    }

    // Two of the six channels; what reads them is odd, so that nothing else changes.
    private static byte[] Model(int sign)
    {
        float[] kernels = [.. TinyNetwork.Signed.Kernels.Select((value, at) => at / 27 is 0 or 3 ? sign * value : value)];
        float[] bias = [.. TinyNetwork.Signed.Bias.Select((value, k) => k is 0 or 3 ? sign * value : value)];
        float[] weights = [.. TinyNetwork.Signed.Weights.Select((value, at) => at / TinyNetwork.Classes is 0 or 3 ? sign * value : value)];
        return new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
            .Weight("kernels", [TinyNetwork.Channels, 3, 3, 3], kernels).Weight("bias", [TinyNetwork.Channels], bias).Weight("weights", [TinyNetwork.Channels, TinyNetwork.Classes], weights)
            .Node("Conv", "input kernels bias", "map", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })).Node("Tanh", "map", "bent")
            .Node("GlobalAveragePool", "bent", "pooled").Node("Flatten", "pooled", "flat").Node("Gemm", "flat weights", "scores").Output("scores", 0, TinyNetwork.Classes).ToBytes();
    }
}
