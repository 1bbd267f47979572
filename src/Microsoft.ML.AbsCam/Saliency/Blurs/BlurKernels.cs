namespace Microsoft.ML.AbsCam.Saliency.Blurs;

/// <summary>One axis of square blur kernels that are products of their axes; each adds up to 1.</summary>
internal static class BlurKernels
{
    /// <summary>How many sigmas a filter's window reaches to either side, in the library that RISE's code calls.</summary>
    private const double Reach = 4;

    public static float[] Gaussian(int size, double sigma)
        => Normalised([.. Enumerable.Range(0, size).Select(i => Weight(i - (size / 2), sigma))]);

    /// <summary>A point in the middle of a window, filtered by a Gaussian that sees the window mirrored at its borders (… b a | a b …).</summary>
    public static float[] SpreadPoint(int size, double sigma)
    {
        int radius = (int)((Reach * sigma) + 0.5);
        double[] spread = new double[size];
        for (int at = 0; at < size; at++)
        {
            for (int offset = -radius; offset <= radius; offset++)
            {
                int folded = (((at + offset) % (2 * size)) + (2 * size)) % (2 * size);
                if ((folded < size ? folded : (2 * size) - 1 - folded) == size / 2)
                {
                    spread[at] += Weight(offset, sigma);
                }
            }
        }

        return Normalised(spread);
    }

    private static double Weight(double distance, double sigma) => Math.Exp(-distance * distance / (2 * sigma * sigma));

    private static float[] Normalised(double[] weights)
    {
        double sum = weights.Sum();
        return [.. weights.Select(weight => (float)(weight / sum))];
    }
}
