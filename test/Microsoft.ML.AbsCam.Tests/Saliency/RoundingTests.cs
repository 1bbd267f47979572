using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>A known network with a normalisation put behind its maps: what then adds up to zero is no map, whatever digits are left.</summary>
[TestClass]
public sealed class RoundingTests
{
    private const string Before = "map";
    private const string Behind = "normed";

    [TestMethod]
    [DataRow("hires-cam", true)]
    [DataRow("eigen-grad-cam", true)]
    [DataRow("smooth(hires-cam,samples=2)", true)]
    [DataRow("grad-cam", false)]
    [DataRow("layer-cam", false)]
    [DataRow("eigen-cam", false)]
    [DataRow("abs-cam", false)]
    public void Before_a_norm_of_channels_the_terms_of_a_place_cancel(string method, bool cancel)
        => AreStatus(cancel ? MapStatus.Rounding : MapStatus.Ok, method, OfChannels(), Before);

    [TestMethod]
    [DataRow("grad-cam")]
    [DataRow("xgrad-cam")]
    [DataRow("group-cam")]
    public void Before_a_norm_of_places_the_weights_of_channels_cancel(string method)
    {
        AreStatus(MapStatus.Rounding, method, OfPlaces(), Before);
        if (method != "group-cam")
        {
            // Its masks do not help this class above the blurred image.
            AreStatus(MapStatus.Ok, method, OfPlaces(), Behind);
        }
    }

    [TestMethod]
    [DataRow("hires-cam", MapStatus.Ok)]
    [DataRow("eigen-grad-cam", MapStatus.Ok)]
    [DataRow("eigen-cam", MapStatus.Rounding)]
    public void Behind_the_norm_nothing_tells_the_sign_of_the_first_component_and_the_rest_is_a_map(string method, MapStatus expected) => AreStatus(expected, method, OfChannels(), Behind);

    [TestMethod]
    public void Without_the_norm_every_method_has_its_map()
    {
        foreach (SaliencyMethod method in SaliencyMethod.All.Where(method => method.UsesLayer))
        {
            AreStatus(MapStatus.Ok, method.Name, Model(model => model, Before), Before);
        }
    }

    [TestMethod]
    public void One_layer_of_rounding_spoils_those_that_are_fused_with_it() => AreStatus(MapStatus.Rounding, "hires-cam", OfChannels(), Before, Behind);

    // (x - mean) / sqrt(mean((x - mean)^2) + 1e-6) over the channels of a place.
    private static byte[] OfChannels() => Model(model => model
        .Node("ReduceMean", "map", "mean", ("axes", new long[] { 1 })).Node("Sub", "map mean", "centred")
        .Node("Mul", "centred centred", "squares").Node("ReduceMean", "squares", "variance", ("axes", new long[] { 1 }))
        .Weight("epsilon", [1], [1e-6f]).Node("Add", "variance epsilon", "more").Node("Sqrt", "more", "deviation").Node("Div", "centred deviation", Behind), Behind);

    // The same over the places of a channel.
    private static byte[] OfPlaces() => Model(model => model
        .Weight("scale", [TinyNetwork.Channels], [1, 1, 1, 1, 1, 1]).Weight("shift", [TinyNetwork.Channels], [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f])
        .Node("InstanceNormalization", "map scale shift", Behind), Behind);

    private static byte[] Model(Func<OnnxModelBuilder, OnnxModelBuilder> norm, string end)
    {
        return norm(new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
            .Weight("kernels", [TinyNetwork.Channels, 3, 3, 3], OnnxModelBuilder.Numbers([TinyNetwork.Channels, 3, 3, 3], 11)).Weight("bias", [TinyNetwork.Channels], TinyNetwork.Signed.Bias)
            .Weight("weights", [TinyNetwork.Channels, TinyNetwork.Classes], OnnxModelBuilder.Numbers([TinyNetwork.Channels, TinyNetwork.Classes], 12))
            .Node("Conv", "input kernels bias", Before, ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })))
            .Node("Sigmoid", end, "bent").Node("GlobalAveragePool", "bent", "pooled").Node("Flatten", "pooled", "flat").Node("Gemm", "flat weights", "scores")
            .Output("scores", 0, TinyNetwork.Classes).ToBytes();
    }

    private static void AreStatus(MapStatus expected, string method, byte[] model, params string[] layers)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        MethodRun run = MethodRun.Of(SaliencyMethod.Parse(method), network, 1, layers);
        CollectionAssert.AreEqual(Enumerable.Repeat(expected.ToString(), MethodRun.Images).ToArray(), run.Status, $"{method} at {string.Join(" + ", layers)}");
        Assert.AreEqual(expected != MapStatus.Ok, run.Maps.All(map => map.All(float.IsNaN)));
    }
}
