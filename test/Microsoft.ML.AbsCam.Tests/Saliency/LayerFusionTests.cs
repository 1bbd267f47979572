using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

[TestClass]
public sealed class LayerFusionTests
{
    private const double Tolerance = 1e-5;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(LayerFusion.Product)]
    [DataRow(LayerFusion.Mean)]
    public void Maps_of_several_layers_are_combined_pixel_by_pixel(LayerFusion fusion)
    {
        float[][] rectified = Maps(new AbsCamOptions { Layers = [TinyNetwork.Layer] });
        float[][] before = Maps(new AbsCamOptions { Layers = ["before"] });
        float[][] both = Maps(new AbsCamOptions { Layers = [TinyNetwork.Layer, "before"], Fusion = fusion });
        for (int row = 0; row < both.Length; row++)
        {
            double[] expected = [.. rectified[row].Zip(before[row], (a, b) => fusion == LayerFusion.Product ? (double)a * b : ((double)a + b) / 2)];
            (double least, double range) = (expected.Min(), expected.Max() - expected.Min());
            Close.AreClose([.. expected.Select(value => (float)((value - least) / range))], both[row], Tolerance, $"row {row}");
        }
    }

    [TestMethod]
    public void A_layer_twice_and_no_layer_at_all_are_refused()
    {
        foreach (AbsCamOptions options in (AbsCamOptions[])[new() { Layers = [] }, new() { Layers = ["map", "map"] }, new() { Layers = [null!] }])
        {
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Maps(options)).Message, "AbsCamOptions.Layers");
        }

        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Maps(new AbsCamOptions { Layers = ["map", "before"], MapSize = MapSize.Layer })).Message, "MapSize");
    }

    private float[][] Maps(AbsCamOptions options)
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, options);
        return transformer.Transform(TinyNetwork.View(_context, 3)).Maps();
    }
}
