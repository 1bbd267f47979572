using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Methods;

/// <summary>RefineCAM against its parts, each a map of Grad-CAM++ of its own.</summary>
[TestClass]
public sealed class RefineCamTests
{
    private const int Target = 1;

    private static readonly string[] Layers = ["b", "c", "d"];

    [TestMethod]
    public void It_is_the_product_of_the_maps_of_Grad_CAM_plus_plus_at_the_last_layer_of_each_size()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(ThreeSizes());
        CollectionAssert.AreEqual(Layers, new AbsCamOptions { Method = SaliencyMethod.RefineCam }.LayersFor(network).Select(layer => layer.Name).ToArray());
        MethodRun run = MethodRun.Of(SaliencyMethod.RefineCam, network, Target);
        float[][][] parts = [.. Layers.Select(layer => MethodRun.Of(SaliencyMethod.GradCamPlusPlus, network, Target, [layer]).Maps)];
        for (int row = 0; row < MethodRun.Images; row++)
        {
            double[] product = [.. parts[0][row].Select((value, at) => (double)value * parts[1][row][at] * parts[2][row][at])];
            Close.AreClose([.. TinyLoops.Normalized(product).Select(value => (float)value)], run.Maps[row], Explained.Tolerance, $"row {row}");
            Assert.AreEqual(3, run.Forwards[row]);
        }
    }

    [TestMethod]
    public void Where_all_layers_are_of_one_size_it_is_Grad_CAM_plus_plus()
    {
        float[][] expected = MethodRun.Of(SaliencyMethod.GradCamPlusPlus, TinyNetwork.Rectified, Target).Maps;
        float[][] actual = MethodRun.Of(SaliencyMethod.RefineCam, TinyNetwork.Rectified, Target).Maps;
        for (int row = 0; row < expected.Length; row++)
        {
            Close.AreClose(expected[row], actual[row], 1e-5, $"row {row}");
        }
    }

    [TestMethod]
    public void A_map_of_a_layer_s_size_is_refused_where_layers_differ()
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(ThreeSizes());
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => new AbsCamOptions { Method = SaliencyMethod.RefineCam, MapSize = MapSize.Layer }.LayersFor(network)).Message,
            "several layers are combined, which may differ in size");
    }

    // 8 x 8 twice, 4 x 4, 2 x 2.
    private static byte[] ThreeSizes()
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
            .Weight("first", 6, 3, 3, 3).Weight("second", 6, 6, 3, 3).Weight("third", 6, 6, 3, 3).Weight("fourth", 6, 6, 3, 3).Weight("weights", 6, TinyNetwork.Classes);
        string from = "input";
        foreach ((string weight, string layer, int stride) in new[] { ("first", "a", 1), ("second", "b", 1), ("third", "c", 2), ("fourth", "d", 2) })
        {
            model.Node("Conv", $"{from} {weight}", layer + "0", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { stride, stride })).Node("Relu", layer + "0", layer);
            from = layer;
        }

        return model.Node("GlobalAveragePool", from, "pooled").Node("Flatten", "pooled", "flat").Node("Gemm", "flat weights", "scores").Output("scores", 0, TinyNetwork.Classes).ToBytes();
    }
}
