namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>The border between what lies inside of a mask and what does not, by marching squares.</summary>
internal static class ContourLines
{
    private const float Half = 0.5f;

    /// <param name="mask">Shares inside, row by row; beyond its edges nothing is.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <returns>Pieces of the border, in places of the mask: place i covers i to i + 1.</returns>
    public static IEnumerable<(float FromX, float FromY, float ToX, float ToY)> Of(float[] mask, int height, int width)
    {
        // Squares have the centres of four neighbouring places at their corners.
        for (int row = -1; row < height; row++)
        {
            for (int column = -1; column < width; column++)
            {
                (float x, float y) = (column + Half, row + Half);
                (float a, float b, float c, float d) = (At(row, column), At(row, column + 1), At(row + 1, column + 1), At(row + 1, column));
                List<(float X, float Y)> crossings = [];
                Cross(a, b, share => (x + share, y));
                Cross(b, c, share => (x + 1, y + share));
                Cross(d, c, share => (x + share, y + 1));
                Cross(a, d, share => (x, y + share));
                for (int i = 0; i + 1 < crossings.Count; i += 2)
                {
                    yield return (crossings[i].X, crossings[i].Y, crossings[i + 1].X, crossings[i + 1].Y);
                }

                void Cross(float from, float to, Func<float, (float X, float Y)> place)
                {
                    if (from >= Half != to >= Half)
                    {
                        crossings.Add(place((Half - from) / (to - from)));
                    }
                }
            }
        }

        float At(int row, int column) => row >= 0 && column >= 0 && row < height && column < width ? mask[(row * width) + column] : 0;
    }
}
