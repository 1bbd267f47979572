namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>The size of the network's input, [planes, height, width] row by row.</summary>
internal readonly record struct InputFrame(int Planes, int Height, int Width)
{
    // An eighth of the shorter side: objects of most photos leave some of it free.
    private const int RimShare = 8;
    private const int EdgeShare = 32;
    private const int Sectors = 8;

    public int Pixels => Height * Width;

    public int Length => Planes * Pixels;

    /// <summary>How many pixels beside an object are taken for its edge and its shadow.</summary>
    public int EdgeWidth => Math.Max(1, Math.Min(Height, Width) / EdgeShare);

    /// <summary>How many pixels wide the rim is.</summary>
    public int RimWidth => Math.Max(1, Math.Min(Height, Width) / RimShare);

    /// <summary>The pixels along the picture's border, an eighth of its shorter side wide.</summary>
    public bool[] Rim()
    {
        int wide = RimWidth;
        bool[] rim = new bool[Pixels];
        for (int i = 0; i < rim.Length; i++)
        {
            (int y, int x) = (i / Width, i % Width);
            rim[i] = y < wide || x < wide || y >= Height - wide || x >= Width - wide;
        }

        return rim;
    }

    /// <summary>
    /// The mean of each plane over these pixels, and then each plane's deviation: the middle one of the eight sectors of the picture, so that an object that reaches into
    /// some of them moves neither.
    /// </summary>
    public float[] ColoursOver(ReadOnlySpan<float> input, bool[] pixels)
    {
        float[] colours = new float[2 * Planes];
        for (int plane = 0; plane < Planes; plane++)
        {
            (double Sum, double Squares, int Count)[] sectors = new (double, double, int)[Sectors];
            for (int i = 0; i < pixels.Length; i++)
            {
                if (pixels[i])
                {
                    double value = input[(plane * Pixels) + i];
                    ref (double Sum, double Squares, int Count) sector = ref sectors[SectorOf(i)];
                    sector = (sector.Sum + value, sector.Squares + (value * value), sector.Count + 1);
                }
            }

            (double Mean, double Deviation)[] known = [.. sectors.Where(sector => sector.Count > 0).Select(sector => (sector.Sum / sector.Count, Math.Sqrt(Math.Max(0, (sector.Squares / sector.Count) - Math.Pow(sector.Sum / sector.Count, 2)))))];
            colours[plane] = Middle([.. known.Select(sector => sector.Mean)]);
            colours[Planes + plane] = Middle([.. known.Select(sector => sector.Deviation)]);
        }

        return colours;
    }

    /// <summary>A map of this frame's pixels averaged over the pixels of each cell, its highest value 1.</summary>
    public float[] Shrink(ReadOnlySpan<float> map, int height, int width)
    {
        float[] cells = new float[height * width];
        for (int cell = 0; cell < cells.Length; cell++)
        {
            (int top, int bottom) = Span(cell / width, height, Height);
            (int left, int right) = Span(cell % width, width, Width);
            double sum = 0;
            for (int y = top; y < bottom; y++)
            {
                for (int x = left; x < right; x++)
                {
                    sum += map[(y * Width) + x];
                }
            }

            cells[cell] = (float)(sum / ((bottom - top) * (right - left)));
        }

        float highest = cells.Max();
        return highest > 0 ? Array.ConvertAll(cells, value => value / highest) : cells;
    }

    /// <summary>The pixels of these cells.</summary>
    public bool[] PixelsOf(bool[] cells, int height, int width)
    {
        bool[] pixels = new bool[Pixels];
        for (int cell = 0; cell < cells.Length; cell++)
        {
            if (cells[cell])
            {
                (int top, int bottom) = Span(cell / width, height, Height);
                (int left, int right) = Span(cell % width, width, Width);
                for (int y = top; y < bottom; y++)
                {
                    pixels.AsSpan((y * Width) + left, right - left).Fill(true);
                }
            }
        }

        return pixels;
    }

    // Which eighth of the picture a pixel lies in, seen from its middle.
    private int SectorOf(int pixel)
    {
        (double y, double x) = ((((pixel / Width) + 0.5) / Height) - 0.5, (((pixel % Width) + 0.5) / Width) - 0.5);
        return (y < 0 ? 4 : 0) + (x < 0 ? 2 : 0) + (Math.Abs(y) < Math.Abs(x) ? 1 : 0);
    }

    private static float Middle(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : (float)((values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2);
    }

    // The pixels of a cell: those that it covers by any part.
    private static (int First, int End) Span(int cell, int cells, int pixels) => (cell * pixels / cells, (((cell + 1) * pixels) + cells - 1) / cells);
}
