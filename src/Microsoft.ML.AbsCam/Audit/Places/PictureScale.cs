using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Places;

/// <summary>Pictures shrunk so far that a cell of the map is some eight pixels wide: looks are compared there, at a cost that does not grow with the input.</summary>
internal sealed class PictureScale
{
    private const int CellWidth = 8;
    private const int WindowCells = 3;

    // A window of fewer pixels holds no look.
    private const int LeastSquare = 5;

    private readonly InputFrame _full;
    private readonly int _factor;

    /// <param name="full">The network's input.</param>
    /// <param name="mapHeight">Rows of the map.</param>
    /// <param name="mapWidth">Columns of the map.</param>
    public PictureScale(InputFrame full, int mapHeight, int mapWidth)
    {
        _full = full;
        double cell = Math.Min(full.Height / (double)mapHeight, full.Width / (double)mapWidth);
        _factor = Math.Max(1, (int)(cell / CellWidth));
        Frame = new InputFrame(full.Planes, full.Height / _factor, full.Width / _factor);
        int cellWidth = Math.Max(1, (int)Math.Round(cell / _factor));
        Window = Math.Min(WindowCells * cellWidth, Math.Min(Frame.Height, Frame.Width));
        SquareSide = Math.Max(LeastSquare, cellWidth * 3 / 4);
    }

    /// <summary>The size of a shrunk picture.</summary>
    public InputFrame Frame { get; }

    /// <summary>Side of the square around a hot cell that is looked at: three cells.</summary>
    public int Window { get; }

    /// <summary>Side of the squares that are compared: a thing of one cell holds one of them whole.</summary>
    public int SquareSide { get; }

    /// <summary>Whether a window is less than half of the picture, so that a place can be told from another, and holds several squares.</summary>
    public bool TellsPlaces => 2 * Window * Window <= Frame.Pixels && Window >= 2 * SquareSide;

    /// <summary>The mean of each block of pixels.</summary>
    public float[] Shrink(float[] picture)
    {
        if (_factor == 1)
        {
            return picture;
        }

        float[] small = new float[Frame.Length];
        float share = 1f / (_factor * _factor);
        for (int i = 0; i < small.Length; i++)
        {
            (int plane, int y, int x) = (i / Frame.Pixels, i % Frame.Pixels / Frame.Width, i % Frame.Width);
            int first = (plane * _full.Pixels) + (y * _factor * _full.Width) + (x * _factor);
            for (int row = 0; row < _factor; row++)
            {
                small[i] += share * System.Numerics.Tensors.TensorPrimitives.Sum(picture.AsSpan(first + (row * _full.Width), _factor));
            }
        }

        return small;
    }

    /// <summary>Pixels of the shrunk picture as pixels of the input.</summary>
    public bool[] Grow(bool[] pixels)
    {
        bool[] full = new bool[_full.Pixels];
        for (int i = 0; i < full.Length; i++)
        {
            (int y, int x) = (i / _full.Width / _factor, i % _full.Width / _factor);
            full[i] = y < Frame.Height && x < Frame.Width && pixels[(y * Frame.Width) + x];
        }

        return full;
    }

    /// <summary>The upper left pixel of the window around a cell of the map, inside of the shrunk picture.</summary>
    public (int Top, int Left) WindowAt(int row, int column, int mapHeight, int mapWidth) => (
        Math.Clamp((int)((row + 0.5) * Frame.Height / mapHeight) - (Window / 2), 0, Frame.Height - Window),
        Math.Clamp((int)((column + 0.5) * Frame.Width / mapWidth) - (Window / 2), 0, Frame.Width - Window));

    /// <summary>The pixels of a window in the input.</summary>
    public bool[] WindowPixels(int top, int left)
    {
        bool[] pixels = new bool[Frame.Pixels];
        for (int y = top; y < top + Window; y++)
        {
            pixels.AsSpan((y * Frame.Width) + left, Window).Fill(true);
        }

        return Grow(pixels);
    }
}
