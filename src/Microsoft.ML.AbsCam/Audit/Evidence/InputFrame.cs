namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>The size of the network's input, [planes, height, width] row by row.</summary>
internal readonly record struct InputFrame(int Planes, int Height, int Width)
{
    // An eighth of the shorter side: objects of most photos leave some of it free.
    private const int RimShare = 8;
    private const int EdgeShare = 32;

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

    /// <summary>The median of each plane over these pixels, and then how far apart each plane's quartiles are: an object that reaches into less than a quarter of them changes neither by much.</summary>
    public float[] ColoursOver(ReadOnlySpan<float> input, bool[] pixels)
    {
        float[] colours = new float[2 * Planes];
        float[] values = new float[pixels.Count(true)];
        for (int plane = 0; plane < Planes; plane++)
        {
            int count = 0;
            for (int i = 0; i < pixels.Length; i++)
            {
                if (pixels[i])
                {
                    values[count++] = input[(plane * Pixels) + i];
                }
            }

            Array.Sort(values);
            colours[plane] = values[count / 2];
            colours[Planes + plane] = values[count * 3 / 4] - values[count / 4];
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

    // The pixels of a cell: those that it covers by any part.
    private static (int First, int End) Span(int cell, int cells, int pixels) => (cell * pixels / cells, (((cell + 1) * pixels) + cells - 1) / cells);
}
