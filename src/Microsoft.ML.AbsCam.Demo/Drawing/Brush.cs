using SkiaSharp;

namespace Microsoft.ML.AbsCam.Demo.Drawing;

/// <summary>Short words for what the scenes draw with; every path and shader handed in is disposed of once it is drawn, unless it is said to be kept.</summary>
internal sealed class Brush(SKCanvas canvas)
{
    public SKCanvas Canvas => canvas;

    public void Fill(SKPath path, SKColor colour, bool keep = false)
    {
        using var paint = new SKPaint { IsAntialias = true, Color = colour };
        canvas.DrawPath(path, paint);
        Release(path, keep);
    }

    public void Fill(SKPath path, SKShader shader, bool keep = false)
    {
        using (shader)
        {
            using var paint = new SKPaint { IsAntialias = true, Shader = shader };
            canvas.DrawPath(path, paint);
        }

        Release(path, keep);
    }

    public void Stroke(SKPath path, SKColor colour, float width, bool keep = false)
    {
        using var paint = new SKPaint
        {
            IsAntialias = true,
            Color = colour,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = width,
            StrokeCap = SKStrokeCap.Round,
            StrokeJoin = SKStrokeJoin.Round,
        };
        canvas.DrawPath(path, paint);
        Release(path, keep);
    }

    public void Line(float x0, float y0, float x1, float y1, SKColor colour, float width)
    {
        using var paint = new SKPaint { IsAntialias = true, Color = colour, StrokeWidth = width, StrokeCap = SKStrokeCap.Round };
        canvas.DrawLine(x0, y0, x1, y1, paint);
    }

    public void Ellipse(float x, float y, float radiusX, float radiusY, SKColor colour)
    {
        using var paint = new SKPaint { IsAntialias = true, Color = colour };
        canvas.DrawOval(x, y, radiusX, radiusY, paint);
    }

    public void Ellipse(float x, float y, float radiusX, float radiusY, SKShader shader)
    {
        using (shader)
        {
            using var paint = new SKPaint { IsAntialias = true, Shader = shader };
            canvas.DrawOval(x, y, radiusX, radiusY, paint);
        }
    }

    /// <summary>A path with a soft rim: shadows, glints, glows.</summary>
    public void Soft(SKPath path, SKColor colour, float blur, bool keep = false)
    {
        using var mask = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, blur);
        using var paint = new SKPaint { IsAntialias = true, Color = colour, MaskFilter = mask };
        canvas.DrawPath(path, paint);
        Release(path, keep);
    }

    /// <summary>Draws with everything outside the path cut away; the path stays the caller's.</summary>
    public void Inside(SKPath outline, Action draw)
    {
        canvas.Save();
        canvas.ClipPath(outline, SKClipOperation.Intersect, true);
        draw();
        canvas.Restore();
    }

    /// <summary>Draws in moved, turned (degrees) and scaled coordinates.</summary>
    public void At(float x, float y, float degrees, float scaleX, float scaleY, Action draw)
    {
        canvas.Save();
        canvas.Translate(x, y);
        canvas.RotateDegrees(degrees);
        canvas.Scale(scaleX, scaleY);
        draw();
        canvas.Restore();
    }

    private static void Release(SKPath path, bool keep)
    {
        if (!keep)
        {
            path.Dispose();
        }
    }
}
