namespace Microsoft.ML.AbsCam.Measures.Pointing;

/// <summary>The union of boxes.</summary>
internal sealed class BoxRegion(PixelArea[] boxes) : ObjectRegion
{
    public override bool Contains(int x, int y)
    {
        foreach (PixelArea box in boxes)
        {
            if (x >= box.Left && x < box.Right && y >= box.Top && y < box.Bottom)
            {
                return true;
            }
        }

        return false;
    }

    public override bool IsNear(int x, int y, double distance)
    {
        foreach (PixelArea box in boxes)
        {
            double dx = x - Math.Clamp(x, box.Left, box.Right - 1);
            double dy = y - Math.Clamp(y, box.Top, box.Bottom - 1);
            if ((dx * dx) + (dy * dy) < distance * distance)
            {
                return true;
            }
        }

        return false;
    }

    public override bool Touches(PixelArea area) => Array.Exists(boxes, box => !box.Intersect(area).IsEmpty);
}
