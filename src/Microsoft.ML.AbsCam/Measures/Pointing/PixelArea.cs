namespace Microsoft.ML.AbsCam.Measures.Pointing;

/// <summary>A rectangle of pixels, of which the ends are outside.</summary>
internal readonly record struct PixelArea(int Left, int Top, int Right, int Bottom)
{
    public bool IsEmpty => Right <= Left || Bottom <= Top;

    /// <summary>The pixels whose centres lie between these coordinates, of which pixel i covers [i, i + 1).</summary>
    public static PixelArea OfCentres(double left, double top, double right, double bottom, int width, int height)
        => new(First(left, width), First(top, height), First(right, width), First(bottom, height));

    public PixelArea Intersect(PixelArea other)
        => new(Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom));

    private static int First(double edge, int size) => (int)Math.Clamp(Math.Ceiling(edge - 0.5), 0, size);
}
