using Microsoft.ML.AbsCam.Measures.Grid;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

[TestClass]
public sealed class GridTilingTests
{
    private const double Tolerance = 1e-6;

    [TestMethod]
    public void A_map_inside_one_tile_is_all_there()
    {
        GridTiling tiling = new(3, 8, 8, 2);
        float[] map = new float[64];
        map[(5 * 8) + 2] = 0.5f;
        map[(7 * 8) + 3] = 1;

        CollectionAssert.AreEqual(new double[] { 0, 0, 1, 0 }, Tiles(tile => tiling.Localisation(map, tile).Value));
        CollectionAssert.AreEqual(new double[] { 0, 0, 1, 0 }, Tiles(tile => tiling.Pointing(map, tile).Value));
    }

    [TestMethod]
    public void An_even_map_gives_each_tile_its_area()
    {
        GridTiling tiling = new(1, 7, 9, 2);
        float[] map = [.. Enumerable.Repeat(0.25f, 63)];
        double[] shares = Tiles(tile => tiling.Localisation(map, tile).Value);

        CollectionAssert.AreEqual(new[] { 3 * 4 / 63.0, 3 * 5 / 63.0, 4 * 4 / 63.0, 4 * 5 / 63.0 }, shares);
    }

    [TestMethod]
    public void Negative_values_are_no_mass_and_a_map_of_them_is_not_measured()
    {
        GridTiling tiling = new(1, 4, 4, 2);
        float[] map = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, -9, 0, 0, 0, 0, 3];

        Assert.AreEqual(0.25, tiling.Localisation(map, 0).Value, Tolerance);
        Assert.AreEqual(0.75, tiling.Localisation(map, 3).Value, Tolerance);
        StringAssert.Contains(tiling.Localisation([.. map.Select(value => -Math.Abs(value))], 0).Reason, "positive");
    }

    [TestMethod]
    [DataRow(8, 8, 2)]
    [DataRow(7, 9, 2)]
    [DataRow(10, 11, 3)]
    public void Tiles_are_area_averages_that_fill_the_picture(int height, int width, int side)
    {
        GridTiling tiling = new(2, height, width, side);
        float[] picture = [.. Enumerable.Repeat(float.NaN, 2 * height * width)];
        float[][] images = [.. Enumerable.Range(0, side * side).Select(i => OnnxModelBuilder.Numbers([2, height, width], 50 + i))];
        for (int tile = 0; tile < images.Length; tile++)
        {
            tiling.WriteTile(images[tile], tile, picture);
        }

        for (int at = 0; at < picture.Length; at++)
        {
            (int channel, int y, int x) = (at / (height * width), at / width % height, at % width);
            (int row, int top, int bottom) = Strip(y, height, side);
            (int column, int left, int right) = Strip(x, width, side);
            double[] values = [.. from i in Window(y - top, bottom - top, height) from j in Window(x - left, right - left, width)
                select (double)images[(row * side) + column][(((channel * height) + i) * width) + j]];
            Assert.AreEqual(values.Average(), picture[at], Tolerance, $"channel {channel}, {y}, {x}");
        }
    }

    private static double[] Tiles(Func<int, double> value) => [.. Enumerable.Range(0, 4).Select(value)];

    /// <summary>Which strip of tiles a pixel lies in, and where that begins and ends.</summary>
    private static (int Number, int From, int To) Strip(int pixel, int size, int side)
    {
        int number = Enumerable.Range(0, side).Last(i => i * size / side <= pixel);
        return (number, number * size / side, (number + 1) * size / side);
    }

    /// <summary>The pixels of a whole image that one pixel of a tile covers, also those that it covers in part.</summary>
    private static IEnumerable<int> Window(int pixel, int tileSize, int size)
    {
        int from = pixel * size / tileSize;
        int to = (((pixel + 1) * size) + tileSize - 1) / tileSize;
        return Enumerable.Range(from, to - from);
    }
}
