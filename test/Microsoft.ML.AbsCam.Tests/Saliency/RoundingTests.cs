using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>A known network with a normalisation put behind its maps: what then adds up to zero is no map, whatever digits are left.</summary>
[TestClass]
public sealed class RoundingTests
{
    private const string Before = NormedNetwork.Before;
    private const string Behind = NormedNetwork.Behind;

    [TestMethod]
    [DataRow("hires-cam", true)]
    [DataRow("eigen-grad-cam", true)]
    [DataRow("smooth(hires-cam,samples=2)", true)]
    [DataRow("grad-cam", false)]
    [DataRow("layer-cam", false)]
    [DataRow("eigen-cam", false)]
    [DataRow("abs-cam", false)]
    public void Before_a_norm_of_channels_the_terms_of_a_place_cancel(string method, bool cancel)
        => AreStatus(cancel ? MapStatus.Rounding : MapStatus.Ok, method, NormedNetwork.OfChannels(), Before);

    [TestMethod]
    [DataRow("grad-cam")]
    [DataRow("xgrad-cam")]
    [DataRow("group-cam")]
    public void Before_a_norm_of_places_the_weights_of_channels_cancel(string method)
    {
        AreStatus(MapStatus.Rounding, method, NormedNetwork.OfPlaces(), Before);
        if (method != "group-cam")
        {
            // Its masks do not help this class above the blurred image.
            AreStatus(MapStatus.Ok, method, NormedNetwork.OfPlaces(), Behind);
        }
    }

    [TestMethod]
    [DataRow("hires-cam", MapStatus.Ok)]
    [DataRow("eigen-grad-cam", MapStatus.Ok)]
    [DataRow("eigen-cam", MapStatus.Rounding)]
    public void Behind_the_norm_nothing_tells_the_sign_of_the_first_component_and_the_rest_is_a_map(string method, MapStatus expected) => AreStatus(expected, method, NormedNetwork.OfChannels(), Behind);

    [TestMethod]
    public void Without_the_norm_every_method_has_its_map()
    {
        foreach (SaliencyMethod method in SaliencyMethod.All.Where(method => method.UsesLayer))
        {
            AreStatus(MapStatus.Ok, method.Name, NormedNetwork.Plain(), Before);
        }
    }

    [TestMethod]
    public void One_layer_of_rounding_spoils_those_that_are_fused_with_it() => AreStatus(MapStatus.Rounding, "hires-cam", NormedNetwork.OfChannels(), Before, Behind);

    private static void AreStatus(MapStatus expected, string method, byte[] model, params string[] layers)
    {
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        MethodRun run = MethodRun.Of(SaliencyMethod.Parse(method), network, 1, layers);
        CollectionAssert.AreEqual(Enumerable.Repeat(expected.ToString(), MethodRun.Images).ToArray(), run.Status, $"{method} at {string.Join(" + ", layers)}");
        Assert.AreEqual(expected != MapStatus.Ok, run.Maps.All(map => map.All(float.IsNaN)));
    }
}
