using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>Draws around the place that is asked about, light on dark, so that it shows on any photo and any colour of a map.</summary>
/// <param name="preprocessing">How photos become the network's input, which says where a map lies.</param>
/// <param name="mapHeight">Rows of a map.</param>
/// <param name="mapWidth">Columns of a map.</param>
internal sealed class PlaceMark(ImagePreprocessing preprocessing, int mapHeight, int mapWidth)
{
    // Of the longer side.
    private const float LineShare = 1f / 130;

    private static readonly SKColor Line = new(0x7f, 0xf0, 0xff);
    private static readonly SKColor Halo = new(0x10, 0x12, 0x16, 0xc0);

    /// <returns>A new picture, which the caller disposes of.</returns>
    public MLImage Draw(MLImage picture, ShownPlace place)
    {
        bool isRgba = picture.PixelFormat == MLPixelFormat.Rgba32;
        using SKImage copy = SKImage.FromPixelCopy(new SKImageInfo(picture.Width, picture.Height, isRgba ? SKColorType.Rgba8888 : SKColorType.Bgra8888, SKAlphaType.Premul), picture.Pixels);
        GC.KeepAlive(picture);
        using var bitmap = new SKBitmap(copy.Info);
        float width = Math.Max(1, Math.Max(picture.Width, picture.Height) * LineShare);
        using (var canvas = new SKCanvas(bitmap))
        using (SKPath path = PathOf(place, picture.Width, picture.Height))
        using (var paint = new SKPaint { Style = SKPaintStyle.Stroke, IsAntialias = true, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round })
        {
            canvas.DrawImage(copy, 0, 0);
            foreach ((SKColor colour, float thickness) in ((SKColor, float)[])[(Halo, 2 * width), (Line, width)])
            {
                (paint.Color, paint.StrokeWidth) = (colour, thickness);
                canvas.DrawPath(path, paint);
            }
        }

        return MLImage.CreateFromPixels(picture.Width, picture.Height, picture.PixelFormat, bitmap.GetPixelSpan());
    }

    /// <summary>The line as the text of an SVG path, in pixels of a picture of this size.</summary>
    public string PathText(ShownPlace place, int width, int height)
    {
        using SKPath path = PathOf(place, width, height);
        return path.ToSvgPathData();
    }

    /// <summary>A mask of the region: white where at least half of a place of the map lies inside, black elsewhere.</summary>
    /// <param name="place">The region.</param>
    /// <param name="width">The photo's width.</param>
    /// <param name="height">The photo's height.</param>
    /// <returns>A picture of the photo's size, which the caller disposes of.</returns>
    public MLImage Fill(ShownPlace place, int width, int height)
    {
        PhotoRegion map = SaliencyOverlay.Region(width, height, preprocessing);
        byte[] pixels = new byte[4 * width * height];
        for (int y = 0; y < height; y++)
        {
            int row = (int)Math.Floor((y + 0.5 - map.Top) / (map.Bottom - map.Top) * mapHeight);
            for (int x = 0; x < width; x++)
            {
                int column = (int)Math.Floor((x + 0.5 - map.Left) / (map.Right - map.Left) * mapWidth);
                bool isInside = row >= 0 && row < mapHeight && column >= 0 && column < mapWidth && place.Region![(row * mapWidth) + column] >= 0.5f;
                pixels.AsSpan(4 * ((y * width) + x), 3).Fill(isInside ? byte.MaxValue : (byte)0);
                pixels[(4 * ((y * width) + x)) + 3] = byte.MaxValue;
            }
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
    }

    private SKPath PathOf(ShownPlace place, int width, int height)
    {
        var path = new SKPath();
        if (place.Box is [var left, var top, var right, var bottom])
        {
            // A box may reach beyond the photo; its sides are to be seen.
            float inset = Math.Max(width, height) * LineShare;
            path.AddRect(new SKRect(Math.Max(left, inset), Math.Max(top, inset), Math.Min(right, width - inset), Math.Min(bottom, height - inset)));
        }

        if (place.Region is { } region)
        {
            PhotoRegion map = SaliencyOverlay.Region(width, height, preprocessing);
            float x(float column) => (float)Math.Round(map.Left + (column * (map.Right - map.Left) / mapWidth), 1);
            float y(float row) => (float)Math.Round(map.Top + (row * (map.Bottom - map.Top) / mapHeight), 1);
            foreach ((float fromX, float fromY, float toX, float toY) in ContourLines.Of(region, mapHeight, mapWidth))
            {
                path.MoveTo(x(fromX), y(fromY));
                path.LineTo(x(toX), y(toY));
            }
        }

        return path;
    }
}
