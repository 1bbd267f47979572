using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tests.Tool.Report;

/// <summary>A page's small map is the map: enlarged by the library's own overlays, nothing is further off than the eye tells.</summary>
[TestClass]
public class MapReductionTests
{
    private const int Height = 96;
    private const int Width = 112;

    [TestMethod]
    [DataRow(7, 7)]
    [DataRow(13, 9)]
    [DataRow(6, 14)]
    [DataRow(1, 1)]
    [DataRow(1, 20)]
    public void A_layer_s_map_comes_back_at_the_layer_s_size(int height, int width)
    {
        float[] map = CellPair.Resize(Noise(height * width), height, width, Height, Width);
        SmallMap small = new MapReduction(Height, Width, (height, width)).Reduce(map);
        Assert.AreEqual((height, width), (small.Height, small.Width));
        IsNear(map, small, 1e-4);
    }

    [TestMethod]
    public void Values_that_were_stretched_behind_the_enlarging_come_back_too()
    {
        // A map's range is that of its pixels, which lie between the middles of places: a place itself may go beyond.
        float[] map = CellPair.Resize(Noise(49), 7, 7, Height, Width);
        (float least, float most) = (map.Min(), map.Max());
        map = [.. map.Select(value => (value - least) / (most - least))];
        SmallMap small = new MapReduction(Height, Width, (7, 7)).Reduce(map);
        Assert.AreEqual((7, 7), (small.Height, small.Width));
        IsNear(map, small, 1e-4);
    }

    [TestMethod]
    public void A_map_of_finer_grain_than_the_layer_gets_more_places()
    {
        float[] map = CellPair.Resize(Noise(24 * 28), 24, 28, Height, Width);
        SmallMap small = new MapReduction(Height, Width, (7, 7)).Reduce(map);
        Assert.AreEqual((24, 28), (small.Height, small.Width));
        IsNear(map, small, MapReduction.Tolerance);
    }

    [TestMethod]
    public void Noise_keeps_every_pixel()
    {
        float[] map = Noise(Height * Width);
        SmallMap small = new MapReduction(Height, Width, null).Reduce(map);
        Assert.AreEqual((Height, Width), (small.Height, small.Width));
        IsNear(map, small, 1.0 / 500);
    }

    [TestMethod]
    public void One_pixel_of_heat_is_not_lost()
    {
        float[] map = new float[Height * Width];
        map[(50 * Width) + 31] = 1;
        IsNear(map, new MapReduction(Height, Width, (7, 7)).Reduce(map), MapReduction.Tolerance);
    }

    [TestMethod]
    public void A_map_of_the_layer_s_size_stays_as_it_is()
    {
        float[] map = Noise(49);
        SmallMap small = new MapReduction(7, 7, (7, 7)).Reduce(map);
        Assert.AreEqual((7, 7), (small.Height, small.Width));
        Assert.IsTrue(map.Zip(small.ToValues()).All(pair => Math.Abs(pair.First - pair.Second) < 1e-4));
    }

    // The library enlarges: it shares no code with what makes small maps.
    private static void IsNear(float[] map, SmallMap small, double tolerance)
    {
        float[] drawn = CellPair.Resize([.. small.ToValues().Select(value => (float)value)], small.Height, small.Width, Height, Width);
        Assert.IsLessThanOrEqualTo(tolerance, map.Zip(drawn).Max(pair => Math.Abs(pair.First - Math.Clamp(pair.Second, 0, 1))));
    }

    private static float[] Noise(int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }
}
