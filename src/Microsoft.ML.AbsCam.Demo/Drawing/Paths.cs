using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Drawing;

internal static class Paths
{
    /// <summary>A closed round outline through all points (Catmull-Rom).</summary>
    public static SKPath Smooth(params ReadOnlySpan<(float X, float Y)> points)
    {
        var path = new SKPath();
        path.MoveTo(points[0].X, points[0].Y);
        for (var i = 0; i < points.Length; i++)
        {
            var before = points[(i + points.Length - 1) % points.Length];
            var from = points[i];
            var to = points[(i + 1) % points.Length];
            var after = points[(i + 2) % points.Length];
            path.CubicTo(
                from.X + ((to.X - before.X) / 6),
                from.Y + ((to.Y - before.Y) / 6),
                to.X - ((after.X - from.X) / 6),
                to.Y - ((after.Y - from.Y) / 6),
                to.X,
                to.Y);
        }

        path.Close();
        return path;
    }

    public static SKPath Polygon(params ReadOnlySpan<(float X, float Y)> points)
    {
        var path = new SKPath();
        path.MoveTo(points[0].X, points[0].Y);
        foreach (var (x, y) in points[1..])
        {
            path.LineTo(x, y);
        }

        path.Close();
        return path;
    }

    /// <summary>An open curve: start, one pull, end.</summary>
    public static SKPath Bow(float x0, float y0, float pullX, float pullY, float x1, float y1)
    {
        var path = new SKPath();
        path.MoveTo(x0, y0);
        path.QuadTo(pullX, pullY, x1, y1);
        return path;
    }

    public static SKPath Ellipse(float x, float y, float radiusX, float radiusY)
    {
        var path = new SKPath();
        path.AddOval(new SKRect(x - radiusX, y - radiusY, x + radiusX, y + radiusY));
        return path;
    }

    public static SKPath Box(float left, float top, float right, float bottom, float radius = 0)
    {
        var path = new SKPath();
        path.AddRoundRect(new SKRect(left, top, right, bottom), radius, radius);
        return path;
    }

    /// <summary>A pointed leaf or petal from the origin along +x; its widest part lies at <paramref name="belly"/> of its length.</summary>
    public static SKPath Leaf(float length, float width, float belly = 0.45f)
    {
        var path = new SKPath();
        var half = width * 0.66f;
        path.MoveTo(0, 0);
        path.CubicTo(length * belly * 0.55f, -half, length * (belly + 0.25f), -half, length, 0);
        path.CubicTo(length * (belly + 0.25f), half, length * belly * 0.55f, half, 0, 0);
        path.Close();
        return path;
    }

    /// <summary>A roundish outline with an uneven rim, like a pebble.</summary>
    public static SKPath Blob(Dice dice, float x, float y, float radius, float unevenness, int corners = 9)
    {
        Span<(float, float)> points = stackalloc (float, float)[corners];
        for (var i = 0; i < corners; i++)
        {
            var (sin, cos) = MathF.SinCos(MathF.Tau * i / corners);
            var reach = radius * dice.Between(1 - unevenness, 1 + unevenness);
            points[i] = (x + (cos * reach), y + (sin * reach));
        }

        return Smooth(points);
    }
}
