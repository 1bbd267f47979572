namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Which two cells of a map a photo's row or column lies between, and how near to the second; clamped at the map's border.</summary>
internal readonly record struct CellPair(int Before, int After, float Weight)
{
    /// <summary>The pairs of every photo pixel along one axis.</summary>
    /// <param name="photoSize">Photo pixels along the axis.</param>
    /// <param name="mapSize">Map cells along the axis; together they cover the network's input.</param>
    /// <param name="toInput">From photo to input coordinates along the axis.</param>
    /// <param name="inputSize">Input pixels along the axis.</param>
    public static CellPair[] Along(int photoSize, int mapSize, int inputSize, Func<double, double> toInput)
    {
        var pairs = new CellPair[photoSize];
        for (var i = 0; i < photoSize; i++)
        {
            var position = Math.Clamp(toInput(i + 0.5) * mapSize / inputSize - 0.5, 0, mapSize - 1);
            var before = (int)position;
            pairs[i] = new CellPair(before, Math.Min(before + 1, mapSize - 1), (float)(position - before));
        }

        return pairs;
    }

    /// <summary>A map at another size, bilinearly with half-pixel centres.</summary>
    public static float[] Resize(float[] map, int height, int width, int toHeight, int toWidth)
    {
        if ((height, width) == (toHeight, toWidth))
        {
            return map;
        }

        CellPair[] rows = Along(toHeight, height, toHeight, y => y);
        CellPair[] columns = Along(toWidth, width, toWidth, x => x);
        float[] resized = new float[toHeight * toWidth];
        for (var y = 0; y < toHeight; y++)
        {
            for (var x = 0; x < toWidth; x++)
            {
                resized[(y * toWidth) + x] = Mix(map, width, rows[y], columns[x]);
            }
        }

        return resized;
    }

    /// <summary>The value between the four cells that a row's and a column's pairs name.</summary>
    public static float Mix(float[] map, int width, CellPair row, CellPair column)
    {
        var above = Along(map, row.Before * width, column);
        return above + ((Along(map, row.After * width, column) - above) * row.Weight);
    }

    private static float Along(float[] map, int row, CellPair column)
        => map[row + column.Before] + ((map[row + column.After] - map[row + column.Before]) * column.Weight);
}
