namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>RISE's masks, one pixel after the other.</summary>
internal static class RiseLoops
{
    public static double[][] Masks(int count, int cells, double keep, ulong seed, int height, int width)
    {
        var numbers = SplitMix.Of(seed);
        double[][] masks = new double[count][];
        (int cellHeight, int cellWidth) = ((int)Math.Ceiling(height / (double)cells), (int)Math.Ceiling(width / (double)cells));
        for (int i = 0; i < count; i++)
        {
            double[] grid = [.. Enumerable.Range(0, cells * cells).Select(_ => numbers.Uniform() < keep ? 1.0 : 0.0)];
            (int top, int left) = ((int)(numbers.Uniform() * cellHeight), (int)(numbers.Uniform() * cellWidth));
            masks[i] = new double[height * width];
            for (int pixel = 0; pixel < masks[i].Length; pixel++)
            {
                (int upper, int lower, double down) = Place(top + (pixel / width), cells, cellHeight);
                (int first, int second, double across) = Place(left + (pixel % width), cells, cellWidth);
                masks[i][pixel] = ((1 - down) * (((1 - across) * grid[(upper * cells) + first]) + (across * grid[(upper * cells) + second])))
                    + (down * (((1 - across) * grid[(lower * cells) + first]) + (across * grid[(lower * cells) + second])));
            }
        }

        return masks;
    }

    // The grid is drawn over one cell more than it has.
    private static (int First, int Second, double Part) Place(int pixel, int cells, int cell)
    {
        double centre = Math.Clamp(((pixel + 0.5) * cells / ((cells + 1) * cell)) - 0.5, 0, cells - 1);
        int first = (int)centre;
        return (first, Math.Min(first + 1, cells - 1), centre - first);
    }
}
