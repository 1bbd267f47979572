namespace Microsoft.ML.AbsCam.Tests.Imaging;

[TestClass]
public class ColorMapTests
{
    [TestMethod]
    [DataRow(ColorMap.Inferno)]
    [DataRow(ColorMap.Magma)]
    [DataRow(ColorMap.Viridis)]
    public void Lightness_rises_with_the_value(ColorMap map)
    {
        var lightness = Enumerable.Range(0, 256).Select(i => Lightness(map.ColorOf(i / 255f))).ToArray();
        for (var i = 1; i < lightness.Length; i++)
        {
            Assert.IsGreaterThan(lightness[i - 1], lightness[i] + 0.05, $"value {i}: rounding to bytes allows no more");
        }

        for (var i = 16; i < lightness.Length; i++)
        {
            Assert.IsGreaterThan(lightness[i - 16] + 1, lightness[i], $"value {i}");
        }
    }

    [TestMethod]
    public void The_default_is_one_whose_lightness_rises() => Assert.AreEqual(ColorMap.Inferno, new OverlayOptions().ColorMap);

    [TestMethod]
    public void Values_outside_take_the_nearest_end()
    {
        Assert.AreEqual(ColorMap.Turbo.ColorOf(0), ColorMap.Turbo.ColorOf(-3));
        Assert.AreEqual(ColorMap.Turbo.ColorOf(1), ColorMap.Turbo.ColorOf(3));
        Assert.AreEqual(ColorMap.Turbo.ColorOf(0), ColorMap.Turbo.ColorOf(float.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ((ColorMap)9).ColorOf(0));
    }

    // CIE L* of an sRGB colour.
    private static double Lightness((byte Red, byte Green, byte Blue) color)
    {
        var y = 0.2126 * Linear(color.Red) + 0.7152 * Linear(color.Green) + 0.0722 * Linear(color.Blue);
        return y > 216.0 / 24389 ? 116 * Math.Cbrt(y) - 16 : y * 24389 / 27;
    }

    private static double Linear(byte level)
    {
        var v = level / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }
}
