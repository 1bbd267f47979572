using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

/// <summary>Images made pixel by pixel.</summary>
internal static class TestImage
{
    public static MLImage From(int width, int height, Func<int, int, (int Red, int Green, int Blue, int Alpha)> pixel, MLPixelFormat format = MLPixelFormat.Bgra32)
    {
        var bytes = new byte[width * height * 4];
        for (var i = 0; i < width * height; i++)
        {
            var (red, green, blue, alpha) = pixel(i % width, i / width);
            bytes[4 * i] = (byte)(format == MLPixelFormat.Bgra32 ? blue : red);
            bytes[4 * i + 1] = (byte)green;
            bytes[4 * i + 2] = (byte)(format == MLPixelFormat.Bgra32 ? red : blue);
            bytes[4 * i + 3] = (byte)alpha;
        }

        return MLImage.CreateFromPixels(width, height, format, bytes);
    }

    public static MLImage Uniform(int width, int height, int level) => From(width, height, (_, _) => (level, level, level, 255));

    /// <summary>A white disc on black; the centre in continuous coordinates.</summary>
    public static MLImage Spot(int width, int height, double centreX, double centreY, double radius) => From(width, height, (x, y) =>
    {
        var level = Math.Pow(x + 0.5 - centreX, 2) + Math.Pow(y + 0.5 - centreY, 2) < radius * radius ? 255 : 0;
        return (level, level, level, 255);
    });

    /// <summary>Every colour different from its neighbours', always the same.</summary>
    public static MLImage Noise(int width, int height, MLPixelFormat format = MLPixelFormat.Bgra32)
    {
        var random = new Random(7);
        var levels = new byte[width * height * 3];
        random.NextBytes(levels);
        return From(width, height, (x, y) => (levels[3 * (y * width + x)], levels[3 * (y * width + x) + 1], levels[3 * (y * width + x) + 2], 255), format);
    }

    public static (int Red, int Green, int Blue, int Alpha) Pixel(this MLImage image, int x, int y)
    {
        var pixel = image.Pixels.Slice(4 * (y * image.Width + x), 4);
        var colors = image.PixelFormat == MLPixelFormat.Bgra32 ? (pixel[2], pixel[1], pixel[0], pixel[3]) : (pixel[0], pixel[1], pixel[2], pixel[3]);
        GC.KeepAlive(image);
        return colors;
    }

    /// <summary>The centre of mass of weights, in continuous coordinates.</summary>
    public static (double X, double Y) Centroid(int width, int height, Func<int, int, double> weight)
    {
        var (sum, sumX, sumY) = (0.0, 0.0, 0.0);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var w = weight(x, y);
                sum += w;
                sumX += w * (x + 0.5);
                sumY += w * (y + 0.5);
            }
        }

        return (sumX / sum, sumY / sum);
    }
}
