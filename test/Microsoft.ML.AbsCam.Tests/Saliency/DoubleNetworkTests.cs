using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>A network that computes in double precision has the maps of the same network in float32.</summary>
[TestClass]
public sealed class DoubleNetworkTests
{
    [TestMethod]
    [DataRow("abs-cam")]
    [DataRow("abs-cam-per-channel")]
    [DataRow("abs-cam-whole")]
    [DataRow("score-cam")]
    [DataRow("ablation-cam")]
    [DataRow("eigen-cam")]
    [DataRow("eigen-grad-cam")]
    [DataRow("shapley-cam")]
    [DataRow("integrated-gradients(steps=4)")]
    [DataRow("recipro-cam")]
    [DataRow("group-cam")]
    [DataRow("smooth(grad-cam++)")]
    public void Every_kind_of_method_takes_a_network_of_doubles(string method)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        using ImageNetwork wide = ImageNetwork.FromOnnx(InDouble.Model(ModelProto.Parser.ParseFrom(TinyNetwork.Rectified.ToOnnx())));
        float[][] expected = Maps(network, method);
        float[][] actual = Maps(wide, method);
        for (int row = 0; row < expected.Length; row++)
        {
            Close.AreClose(expected[row], actual[row], Explained.Tolerance, $"row {row}");
        }
    }

    private static float[][] Maps(ImageNetwork network, string method)
    {
        MLContext context = new(seed: 1);
        using AbsCamTransformer transformer = Explained.Transformer(context, new AbsCamOptions { Method = SaliencyMethod.Parse(method) }, network);
        return transformer.Transform(TinyNetwork.View(context, 2)).Maps();
    }
}
