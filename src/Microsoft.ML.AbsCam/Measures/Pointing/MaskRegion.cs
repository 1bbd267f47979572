namespace Microsoft.ML.AbsCam.Measures.Pointing;

/// <summary>The pixels that are set in a mask of the photo's size.</summary>
internal sealed class MaskRegion(bool[] mask, int width) : ObjectRegion
{
    public override bool Contains(int x, int y) => mask[(y * width) + x];

    public override bool IsNear(int x, int y, double distance)
    {
        // Rows of the disc, each as far as it reaches. A tolerance of 0 has no pixel strictly nearer, not even the one itself.
        int height = mask.Length / width;
        int reach = (int)Math.Min(Math.Ceiling(distance), height + width);
        for (int row = Math.Max(y - reach, 0); row <= Math.Min(y + reach, height - 1); row++)
        {
            for (int column = Math.Max(x - reach, 0); column <= Math.Min(x + reach, width - 1); column++)
            {
                double dx = column - x;
                double dy = row - y;
                if (mask[(row * width) + column] && (dx * dx) + (dy * dy) < distance * distance)
                {
                    return true;
                }
            }
        }

        return false;
    }

    public override bool Touches(PixelArea area)
    {
        for (int y = area.Top; y < area.Bottom; y++)
        {
            if (area.Right > area.Left && mask.AsSpan((y * width) + area.Left, area.Right - area.Left).Contains(true))
            {
                return true;
            }
        }

        return false;
    }
}
