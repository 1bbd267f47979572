namespace Microsoft.ML.AbsCam.Measures.Similarity;

/// <summary>
/// SSIM (Wang et al., IEEE TIP 2004) of maps in [0,1]: an 11 x 11 Gaussian window of sigma 1.5, K1 = 0.01, K2 = 0.03, the mean over
/// all windows that lie inside the map. On a map below 11 pixels the window is the largest odd one that fits.
/// </summary>
internal static class StructuralSimilarity
{
    private const int UsualWindow = 11;
    private const double Sigma = 1.5;
    private const double C1 = 0.01 * 0.01;
    private const double C2 = 0.03 * 0.03;

    /// <param name="a">[H,W].</param>
    /// <param name="b">[H,W].</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <returns>In [-1,1], 1 for equal maps.</returns>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int height, int width)
    {
        double[] window = Window(Math.Min(height, width));
        double[] meansA = Filter(a, a, height, width, window, (x, _) => x);
        double[] meansB = Filter(b, b, height, width, window, (x, _) => x);
        double[] squaresA = Filter(a, a, height, width, window, (x, y) => x * y);
        double[] squaresB = Filter(b, b, height, width, window, (x, y) => x * y);
        double[] products = Filter(a, b, height, width, window, (x, y) => x * y);
        double sum = 0;
        for (int i = 0; i < products.Length; i++)
        {
            (double meanA, double meanB) = (meansA[i], meansB[i]);
            double variances = squaresA[i] - (meanA * meanA) + squaresB[i] - (meanB * meanB);
            double covariance = products[i] - (meanA * meanB);
            sum += ((2 * meanA * meanB) + C1) * ((2 * covariance) + C2) / (((meanA * meanA) + (meanB * meanB) + C1) * (variances + C2));
        }

        return sum / products.Length;
    }

    private static double[] Window(int shorterSide)
    {
        int size = Math.Min(UsualWindow, shorterSide % 2 == 1 ? shorterSide : shorterSide - 1);
        double[] weights = [.. Enumerable.Range(0, size).Select(i => Math.Exp(-Math.Pow(i - (size / 2), 2) / (2 * Sigma * Sigma)))];
        double total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }

    /// <summary>The weighted mean of a value a pixel in every window that lies inside: rows first, then columns.</summary>
    private static double[] Filter(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int height, int width, double[] window, Func<double, double, double> value)
    {
        int columns = width - window.Length + 1;
        double[] along = new double[height * columns];
        double[] row = new double[width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                row[x] = value(a[(y * width) + x], b[(y * width) + x]);
            }

            for (int x = 0; x < columns; x++)
            {
                for (int k = 0; k < window.Length; k++)
                {
                    along[(y * columns) + x] += window[k] * row[x + k];
                }
            }
        }

        double[] filtered = new double[(height - window.Length + 1) * columns];
        for (int i = 0; i < filtered.Length; i++)
        {
            for (int k = 0; k < window.Length; k++)
            {
                filtered[i] += window[k] * along[i + (k * columns)];
            }
        }

        return filtered;
    }
}
