using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Measures.Pointing;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>Lays a map of any size over the network's input and over the photo, bilinearly with half-pixel centres.</summary>
/// <param name="geometry">Where the photo lies in the network's input.</param>
/// <param name="extent">What maps lie over.</param>
internal sealed class MapPlacement(ImageGeometry geometry, MapExtent extent)
{
    private readonly (int Height, int Width) _covered = extent == MapExtent.Input ? (geometry.InputHeight, geometry.InputWidth) : (geometry.PhotoHeight, geometry.PhotoWidth);

    /// <summary>Why a map of that size is none of this image's; null where it may be.</summary>
    public string? Trouble(int height, int width)
    {
        // Rounding to whole cells moves a side by up to one cell.
        double fitting = (double)width * _covered.Height / _covered.Width;
        return Math.Abs(height - fitting) <= Math.Max(1, (double)_covered.Height / _covered.Width)
            ? null
            : $"the map is {height} x {width}, which has not the proportions of {(extent == MapExtent.Input ? "the network's input" : "the photo")}, {_covered.Height} x {_covered.Width} (height x width); a map may lie over the network's input or over the whole photo, see {nameof(SaliencyEvaluationOptions)}.{nameof(SaliencyEvaluationOptions.MapExtent)}";
    }

    /// <summary>The map at the network's input size. Where the input is padding, it is as low as anywhere.</summary>
    public float[] OverInput(float[] map, int height, int width)
    {
        if (extent == MapExtent.Input && (height, width) == (geometry.InputHeight, geometry.InputWidth))
        {
            return map;
        }

        CellPair[] rows = CellPair.Along(geometry.InputHeight, height, _covered.Height, y => extent == MapExtent.Input ? y : geometry.ToPhoto(0, y).Y);
        CellPair[] columns = CellPair.Along(geometry.InputWidth, width, _covered.Width, x => extent == MapExtent.Input ? x : geometry.ToPhoto(x, 0).X);
        PixelArea photo = extent == MapExtent.Input ? new(0, 0, geometry.InputWidth, geometry.InputHeight) : PhotoInInput();
        float lowest = map.Min();
        float[] placed = new float[geometry.InputHeight * geometry.InputWidth];
        for (int y = 0; y < geometry.InputHeight; y++)
        {
            for (int x = 0; x < geometry.InputWidth; x++)
            {
                bool isPhoto = x >= photo.Left && x < photo.Right && y >= photo.Top && y < photo.Bottom;
                placed[(y * geometry.InputWidth) + x] = isPhoto ? CellPair.Mix(map, width, rows[y], columns[x]) : lowest;
            }
        }

        return placed;
    }

    public PhotoMap OverPhoto(float[] map, int height, int width)
    {
        bool isInput = extent == MapExtent.Input;
        return new PhotoMap(
            map,
            width,
            CellPair.Along(geometry.PhotoHeight, height, _covered.Height, y => isInput ? geometry.ToInput(0, y).Y : y),
            CellPair.Along(geometry.PhotoWidth, width, _covered.Width, x => isInput ? geometry.ToInput(x, 0).X : x),
            Seen);
    }

    /// <summary>The pixels of the photo that maps say something of.</summary>
    public PixelArea Seen => extent == MapExtent.Input
        ? PixelArea.OfCentres(geometry.Seen.Left, geometry.Seen.Top, geometry.Seen.Right, geometry.Seen.Bottom, geometry.PhotoWidth, geometry.PhotoHeight)
        : new PixelArea(0, 0, geometry.PhotoWidth, geometry.PhotoHeight);

    private PixelArea PhotoInInput()
    {
        (double left, double top) = geometry.ToInput(0, 0);
        (double right, double bottom) = geometry.ToInput(geometry.PhotoWidth, geometry.PhotoHeight);
        return PixelArea.OfCentres(left, top, right, bottom, geometry.InputWidth, geometry.InputHeight);
    }
}
