using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>The measures on a <see cref="TinyNetwork"/> as their papers and public codes have them, in plain loops and double precision.</summary>
internal static class BruteForceMeasures
{
    private const int Side = TinyNetwork.Side;

    public static double Probability(double[] image, int target) => TinyLoops.Probabilities(TinyNetwork.Rectified, image)[target];

    public static int Predicted(float[] image)
    {
        double[] probabilities = TinyLoops.Probabilities(TinyNetwork.Rectified, Wide(image));
        return Array.IndexOf(probabilities, probabilities.Max());
    }

    public static double[] Wide(float[] image) => [.. image.Select(value => (double)value)];

    /// <summary>One pixel after the other: the highest of those that are left, the last of equal ones.</summary>
    public static int[] Order(float[] map)
    {
        var left = Enumerable.Range(0, map.Length).ToList();
        int[] order = new int[map.Length];
        for (int i = 0; i < order.Length; i++)
        {
            int best = left[0];
            foreach (int pixel in left)
            {
                best = map[pixel] >= map[best] ? pixel : best;
            }

            order[i] = best;
            left.Remove(best);
        }

        return order;
    }

    public static double[] Deletion(float[] image, float[] map, int target, int step) => Curve(Wide(image), new double[image.Length], map, target, step);

    public static double[] Insertion(float[] image, float[] map, int target, int step, double[] blurred) => Curve(blurred, Wide(image), map, target, step);

    /// <summary>The area under straight lines between the scores, each step as wide as any other.</summary>
    public static double Area(double[] scores)
    {
        double area = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            area += (scores[i - 1] + scores[i]) / 2 / (scores.Length - 1);
        }

        return area;
    }

    public static double[] Masked(float[] image, float[] map) => [.. image.Select((value, i) => (double)value * map[i % map.Length])];

    public static double Pearson(float[] a, float[] b)
    {
        double covariance(float[] x, float[] y) => x.Zip(y, (i, j) => (double)i * j).Average() - (Wide(x).Average() * Wide(y).Average());
        return covariance(a, b) / Math.Sqrt(covariance(a, a) * covariance(b, b));
    }

    /// <summary>The kernel of RISE's code: a point in a window of 11 x 11, filtered along both axes with the border mirrored, (d c b a | a b c d | d c b a).</summary>
    public static double[,] RiseKernel()
    {
        const int Size = 11;
        const double Sigma = 5;
        const int Radius = 20;
        double[] taps = [.. Enumerable.Range(-Radius, (2 * Radius) + 1).Select(i => Math.Exp(-0.5 * i * i / (Sigma * Sigma)))];
        double total = taps.Sum();
        double[,] kernel = new double[Size, Size];
        kernel[Size / 2, Size / 2] = 1;
        for (int axis = 0; axis < 2; axis++)
        {
            double[,] filtered = new double[Size, Size];
            for (int y = 0; y < Size; y++)
            {
                for (int x = 0; x < Size; x++)
                {
                    for (int offset = -Radius; offset <= Radius; offset++)
                    {
                        int at = (axis == 0 ? y : x) + offset;
                        while (at is < 0 or >= Size)
                        {
                            at = at < 0 ? -at - 1 : (2 * Size) - 1 - at;
                        }

                        filtered[y, x] += taps[offset + Radius] / total * (axis == 0 ? kernel[at, x] : kernel[y, at]);
                    }
                }
            }

            kernel = filtered;
        }

        return kernel;
    }

    /// <summary>A textbook Gaussian that adds up to 1.</summary>
    public static double[,] Gaussian(int size, double sigma)
    {
        double[,] kernel = new double[size, size];
        double sum = 0;
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                kernel[y, x] = Math.Exp(-(Math.Pow(y - (size / 2), 2) + Math.Pow(x - (size / 2), 2)) / (2 * sigma * sigma));
                sum += kernel[y, x];
            }
        }

        for (int i = 0; i < size * size; i++)
        {
            kernel[i / size, i % size] /= sum;
        }

        return kernel;
    }

    /// <param name="image">[3,8,8].</param>
    /// <param name="kernel">All its taps, none left out.</param>
    /// <param name="reflects">Mirrored beyond the border without repeating it (d c b | a b c d | c b a), else 0.</param>
    public static double[] Blurred(float[] image, double[,] kernel, bool reflects)
    {
        int size = kernel.GetLength(0);
        double[] blurred = new double[image.Length];
        for (int i = 0; i < image.Length; i++)
        {
            int plane = i / (Side * Side) * Side * Side;
            for (int tap = 0; tap < size * size; tap++)
            {
                int y = (i / Side % Side) + (tap / size) - (size / 2);
                int x = (i % Side) + (tap % size) - (size / 2);
                if (reflects)
                {
                    (y, x) = (Mirrored(y), Mirrored(x));
                }

                if (y is >= 0 and < Side && x is >= 0 and < Side)
                {
                    blurred[i] += kernel[tap / size, tap % size] * image[plane + (y * Side) + x];
                }
            }
        }

        return blurred;
    }

    private static int Mirrored(int at)
    {
        while (at is < 0 or >= Side)
        {
            at = at < 0 ? -at : (2 * (Side - 1)) - at;
        }

        return at;
    }

    private static double[] Curve(double[] from, double[] to, float[] map, int target, int step)
    {
        double[] image = [.. from];
        var scores = new List<double> { Probability(image, target) };
        foreach (int[] pixels in Order(map).Chunk(step))
        {
            foreach (int pixel in pixels)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    image[(channel * map.Length) + pixel] = to[(channel * map.Length) + pixel];
                }
            }

            scores.Add(Probability(image, target));
        }

        return [.. scores];
    }
}
