using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

/// <summary>The definition of an antialiased bilinear resize, summed directly in two dimensions over the whole photo.</summary>
internal static class BruteForceResize
{
    /// <summary>The level (0 to 255) of one colour of the resized photo at one pixel.</summary>
    public static double At(MLImage photo, int resizedWidth, int resizedHeight, int x, int y, Func<(int Red, int Green, int Blue, int Alpha), double> color)
    {
        var (sum, total) = (0.0, 0.0);
        for (var j = 0; j < photo.Height; j++)
        {
            var vertical = Triangle(j, y, (double)photo.Height / resizedHeight);
            for (var i = 0; vertical > 0 && i < photo.Width; i++)
            {
                var weight = vertical * Triangle(i, x, (double)photo.Width / resizedWidth);
                if (weight > 0)
                {
                    sum += weight * color(photo.Pixel(i, j));
                    total += weight;
                }
            }
        }

        return sum / total;
    }

    private static double Triangle(int from, int to, double reduction) =>
        Math.Max(0, 1 - Math.Abs(from + 0.5 - (to + 0.5) * reduction) / Math.Max(reduction, 1));
}
