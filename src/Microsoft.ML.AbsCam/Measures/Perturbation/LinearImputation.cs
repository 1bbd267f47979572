using System.Numerics;

namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>
/// Linear imputation (Rong et al. 2022, section 5): every missing pixel is the weighted mean of its eight neighbours, 1/6 beside, above and below it, 1/12 across a
/// corner; beyond the border there are none. These equations are solved together, so what is filled in is as smooth as what surrounds it allows.
/// </summary>
internal static class LinearImputation
{
    private const int Lanes = 4;

    /// <param name="image">[C,H,W]; its missing pixels are overwritten.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="isMissing">[H,W]. Where all are missing nothing is known, and nothing is done.</param>
    public static void Fill(Span<float> image, int height, int width, bool[] isMissing)
    {
        int pixels = height * width;
        int[] missing = [.. Enumerable.Range(0, pixels).Where(pixel => isMissing[pixel])];
        if (missing.Length == 0 || missing.Length == pixels)
        {
            return;
        }

        var neighbours = new PixelNeighbours(missing, isMissing, height, width);
        var values = new Vector4[pixels];
        for (int plane = 0; plane * pixels < image.Length; plane += Lanes)
        {
            // Up to four planes share one solution of the same equations.
            int planes = Math.Min(Lanes, (image.Length / pixels) - plane);
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                for (int lane = 0; lane < planes; lane++)
                {
                    values[pixel][lane] = image[((plane + lane) * pixels) + pixel];
                }
            }

            Vector4[] solution = new ImputationSolver(neighbours).Solve(neighbours.Known(values), MeanOfKnown(values, isMissing, pixels - missing.Length));
            for (int i = 0; i < missing.Length; i++)
            {
                for (int lane = 0; lane < planes; lane++)
                {
                    image[((plane + lane) * pixels) + missing[i]] = solution[i][lane];
                }
            }
        }
    }

    private static Vector4 MeanOfKnown(Vector4[] values, bool[] isMissing, int known)
    {
        Vector4 sum = Vector4.Zero;
        for (int pixel = 0; pixel < values.Length; pixel++)
        {
            sum += isMissing[pixel] ? Vector4.Zero : values[pixel];
        }

        return sum / known;
    }
}
