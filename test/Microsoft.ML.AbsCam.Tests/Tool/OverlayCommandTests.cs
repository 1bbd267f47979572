using Microsoft.ML.AbsCam.Tests.Imaging;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool;

/// <summary>From the photo's file to the overlay's file: the heat lies on what the network saw.</summary>
[TestClass]
public class OverlayCommandTests : CommandTest
{
    // One cell of the map is this much of the photo at most (300 / 64), and heat fades out over two.
    private const double Tolerance = 3;

    [TestMethod]
    [DataRow("crop", 300, 200, 190, 60)]
    [DataRow("crop", 200, 300, 60, 190)]
    [DataRow("squash", 300, 200, 250, 40)]
    [DataRow("squash", 200, 300, 40, 250)]
    [DataRow("pad", 300, 200, 250, 40)]
    [DataRow("pad", 200, 300, 40, 250)]
    public async Task Heat_lies_on_the_bright_spot(string rule, int width, int height, double x, double y)
    {
        CommandResult result = await ExplainAsync(Spot("a.png", width, height, x, y), "--resize", rule, "--target", "0");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        HeatIsAt(x, y, width, height, At("a.png"));
    }

    [TestMethod]
    public async Task What_the_crop_cuts_off_stays_cold()
    {
        Spot("a.png", 300, 100, 270, 50);
        CommandResult result = await ExplainAsync(At("a.png"), "--target", "0");
        Assert.AreEqual("Flat", Results().Single()[1], result.Errors);
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
        CommandResult result = await ExplainAsync(At("a.jpg"), "--resize", "squash", "--target", "0");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        HeatIsAt(right, down, uprightWidth, uprightHeight, At("a.jpg"));
    }

    /// <summary>Heat is what the overlay added to the photo's light: nearly nothing where the map is low, on black.</summary>
    private void HeatIsAt(double x, double y, int width, int height, string photoFile)
    {
        using var photo = ImageFile.Load(photoFile);
        using var overlay = ImageFile.Load(At("out", "overlays", "a.png"));
        Assert.AreEqual((width, height), (overlay.Width, overlay.Height));
        double[] heat = new double[width * height];
        for (int i = 0; i < heat.Length; i++)
        {
            heat[i] = Math.Max(0, Light(overlay.Pixel(i % width, i / width)) - Light(photo.Pixel(i % width, i / width)));
        }

        double half = heat.Max() / 2;
        Assert.IsGreaterThan(50, half, "the spot glows");
        (double heatX, double heatY) = TestImage.Centroid(width, height, (column, row) => heat[(row * width) + column] >= half ? 1 : 0);
        Assert.AreEqual(x, heatX, Tolerance);
        Assert.AreEqual(y, heatY, Tolerance);
    }

    private static double Light((int Red, int Green, int Blue, int Alpha) pixel) => pixel.Red + pixel.Green + pixel.Blue;
}
