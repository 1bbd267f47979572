using System.Buffers;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Draws a saliency map over its photo, at the photo's own size.</summary>
internal static class OverlayRenderer
{
    /// <summary>A line this share of the photo's shorter side marks what the network saw.</summary>
    private const double OutlineShare = 1.0 / 300;

    /// <summary>Renders an overlay; transparent photos are laid over white, the result is opaque and in the photo's pixel format.</summary>
    /// <param name="photo">The photo; read only, never disposed.</param>
    /// <param name="map">mapHeight * mapWidth values in [0, 1] that together cover the network's input; NaN counts as 0.</param>
    /// <param name="mapHeight">Rows of the map.</param>
    /// <param name="mapWidth">Columns of the map.</param>
    /// <param name="geometry">Where the photo lies in the network's input.</param>
    /// <param name="options">How to draw.</param>
    /// <returns>A new image, the caller's to dispose.</returns>
    public static MLImage Render(MLImage photo, ReadOnlySpan<float> map, int mapHeight, int mapWidth, ImageGeometry geometry, OverlayOptions options)
    {
        options.Validate();
        var (width, height) = (photo.Width, photo.Height);
        if ((width, height) != (geometry.PhotoWidth, geometry.PhotoHeight))
        {
            throw new ArgumentException($"The photo is {width} x {height}, the geometry is for {geometry.PhotoWidth} x {geometry.PhotoHeight}.", nameof(geometry));
        }

        if (mapHeight <= 0 || mapWidth <= 0 || map.Length != mapHeight * mapWidth)
        {
            throw new ArgumentException($"The map has {map.Length} values, expected {mapHeight} x {mapWidth}.", nameof(map));
        }

        var canvas = new OverlayCanvas(PixelOrder.Of(photo), options, SeenColumns(geometry));
        var columns = CellPair.Along(width, mapWidth, geometry.InputWidth, x => geometry.ToInput(x, 0).X);
        var rows = CellPair.Along(height, mapHeight, geometry.InputHeight, y => geometry.ToInput(0, y).Y);
        var seenRows = SeenRows(geometry);
        var line = options.Outline ? Math.Max(1, (int)Math.Round(Math.Min(width, height) * OutlineShare)) : 0;
        var rowBytes = width * PixelOrder.Bytes;
        var bytes = rowBytes * height;
        var rented = ArrayPool<byte>.Shared.Rent(bytes);
        var mixed = new float[mapWidth];
        var pixels = photo.Pixels;
        for (var y = 0; y < height; y++)
        {
            var source = pixels.Slice(y * rowBytes, rowBytes);
            var target = rented.AsSpan(y * rowBytes, rowBytes);
            if (y < seenRows.First || y >= seenRows.End)
            {
                canvas.Dim(source, target, 0, width);
            }
            else
            {
                MixRows(map, mapWidth, rows[y], mixed);
                canvas.Heat(source, target, mixed, columns);
            }

            canvas.Outline(target, y, seenRows, height, line);
        }

        GC.KeepAlive(photo);
        var overlay = MLImage.CreateFromPixels(width, height, photo.PixelFormat, rented.AsSpan(0, bytes));
        ArrayPool<byte>.Shared.Return(rented);
        return overlay;
    }

    // A pixel is seen where its centre lies in the region.
    private static PixelSpan SeenColumns(ImageGeometry g) => new((int)Math.Ceiling(g.Seen.Left - 0.5), (int)Math.Ceiling(g.Seen.Right - 0.5));

    private static PixelSpan SeenRows(ImageGeometry g) => new((int)Math.Ceiling(g.Seen.Top - 0.5), (int)Math.Ceiling(g.Seen.Bottom - 0.5));

    private static void MixRows(ReadOnlySpan<float> map, int width, CellPair tap, Span<float> mixed)
    {
        var before = map.Slice(tap.Before * width, width);
        var after = map.Slice(tap.After * width, width);
        for (var x = 0; x < width; x++)
        {
            var (a, b) = (float.IsNaN(before[x]) ? 0 : before[x], float.IsNaN(after[x]) ? 0 : after[x]);
            mixed[x] = a + (b - a) * tap.Weight;
        }
    }
}
