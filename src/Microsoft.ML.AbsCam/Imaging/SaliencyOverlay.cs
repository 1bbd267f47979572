using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam;

/// <summary>Lays a saliency map over the photo that it explains.</summary>
public static class SaliencyOverlay
{
    /// <summary>Returns a new picture of the photo's own size, with the map where the network looked; the photo is left as it is.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="map">The map in [0,1], row by row.</param>
    /// <param name="mapHeight">Rows of the map; any size.</param>
    /// <param name="mapWidth">Columns of the map.</param>
    /// <param name="preprocessing">How the photo became the network's input: it says which part of the photo the map covers.</param>
    /// <param name="options">Colours; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The map has not as many values as rows times columns.</exception>
    public static MLImage Draw(MLImage photo, ReadOnlySpan<float> map, int mapHeight, int mapWidth, ImagePreprocessing preprocessing, OverlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (mapHeight < 1 || mapWidth < 1 || map.Length != (long)mapHeight * mapWidth)
        {
            throw new ArgumentException($"The map has {map.Length} values, and {mapHeight} x {mapWidth} are needed.", nameof(map));
        }

        preprocessing.Validate();
        return OverlayRenderer.Render(photo, map, mapHeight, mapWidth, ImageGeometry.For(photo.Width, photo.Height, preprocessing), options ?? new OverlayOptions());
    }

    /// <summary>
    /// Where in a photo a map lies, for whoever draws it himself: the part that a centre crop leaves, all of it, or more than all where the photo is padded.
    /// Values of the map divide it evenly.
    /// </summary>
    /// <param name="photoWidth">Columns of the photo, turned upright; at least 1.</param>
    /// <param name="photoHeight">Rows of the photo; at least 1.</param>
    /// <param name="preprocessing">How the photo became the network's input.</param>
    /// <exception cref="ArgumentException">A size is below 1, or a property of the preprocessing is out of range.</exception>
    public static PhotoRegion Region(int photoWidth, int photoHeight, ImagePreprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        preprocessing.Validate();
        var geometry = ImageGeometry.For(photoWidth, photoHeight, preprocessing);
        var (left, top) = geometry.ToPhoto(0, 0);
        var (right, bottom) = geometry.ToPhoto(geometry.InputWidth, geometry.InputHeight);
        return new PhotoRegion(left, top, right, bottom);
    }
}
