using Microsoft.ML.AbsCam.Tests.Imaging;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>From the photo's file to the overlay's file: the heat lies on what the network saw.</summary>
[TestClass]
public class OverlayCommandTests : CommandTest
{
    // One cell of the map is this much of the photo at most (300 / 64), and heat fades out over two.
    private const double Tolerance = 3;

    // Maximum less minimum of red, green and blue; the colour map's own go from 0 to 190.
    private const int Warm = 50;

    [TestMethod]
    [DataRow("crop", 300, 200, 190, 60)]
    [DataRow("crop", 200, 300, 60, 190)]
    [DataRow("squash", 300, 200, 250, 40)]
    [DataRow("squash", 200, 300, 40, 250)]
    [DataRow("pad", 300, 200, 250, 40)]
    [DataRow("pad", 200, 300, 40, 250)]
    public async Task Heat_lies_on_the_bright_spot(string rule, int width, int height, double x, double y)
    {
        CommandResult result = await ExplainAsync(Spot("a.png", width, height, x, y), "--resize", rule, "--target", "0", "--save", "overlay");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        HeatIsAt(x, y, width, height);
    }

    [TestMethod]
    public async Task What_the_crop_cuts_off_stays_cold()
    {
        Spot("a.png", 300, 100, 190, 50);
        CommandResult result = await ExplainAsync(At("a.png"), "--target", "0", "--save", "overlay");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        using var overlay = ImageFile.Load(At("out", "overlays", "a.png"));
        int[] warm = [.. Enumerable.Range(0, 300).Where(column => Enumerable.Range(0, 100).Any(row => Colour(overlay.Pixel(column, row)) > 0))];
        Assert.IsInRange(100, 199, warm.Min());
        Assert.IsInRange(190, 199, warm.Max());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(5)]
    [DataRow(6)]
    [DataRow(8)]
    public async Task A_turned_photo_is_explained_upright(int orientation)
    {
        const int width = 300;
        const int height = 200;
        const int x = 230;
        const int y = 50;
        byte[] jpeg = ImageBytes.Encode(width, height, SpotAt(x, y), SKEncodedImageFormat.Jpeg);
        Write("a.jpg", ImageBytes.WithOrientation(jpeg, orientation));
        (int right, int down) = orientation switch
        {
            3 => (width - x, height - y),
            5 => (y, x),
            6 => (height - y, x),
            8 => (y, width - x),
            _ => (x, y),
        };
        (int uprightWidth, int uprightHeight) = orientation >= 5 ? (height, width) : (width, height);
        CommandResult result = await ExplainAsync(At("a.jpg"), "--resize", "squash", "--target", "0", "--save", "overlay");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        HeatIsAt(right, down, uprightWidth, uprightHeight);
    }

    /// <summary>The photo is grey, and so is the line around what the network saw: what has a colour is heat.</summary>
    private void HeatIsAt(double x, double y, int width, int height)
    {
        using var overlay = ImageFile.Load(At("out", "overlays", "a.png"));
        Assert.AreEqual((width, height), (overlay.Width, overlay.Height));
        (double heatX, double heatY) = TestImage.Centroid(width, height, (column, row) => Colour(overlay.Pixel(column, row)) >= Warm ? 1 : 0);
        Assert.AreEqual(x, heatX, Tolerance);
        Assert.AreEqual(y, heatY, Tolerance);
    }

    private static int Colour((int Red, int Green, int Blue, int Alpha) pixel) =>
        Math.Max(pixel.Red, Math.Max(pixel.Green, pixel.Blue)) - Math.Min(pixel.Red, Math.Min(pixel.Green, pixel.Blue));
}
