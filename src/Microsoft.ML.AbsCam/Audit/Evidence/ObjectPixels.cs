using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.AbsCam.Measures.Pointing;
using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Audit.Evidence;

/// <summary>Which pixels of the network's input show the object of a photo.</summary>
internal static class ObjectPixels
{
    /// <returns>Null where it is not known where the object is.</returns>
    public static bool[]? Of(ObjectReader reader, MLImage? photo, InputFrame frame, ImagePreprocessing preprocessing)
    {
        (int photoWidth, int photoHeight) = photo is null ? (frame.Width, frame.Height) : (photo.Width, photo.Height);
        ObjectRegion? region;
        try
        {
            (region, _) = reader.Read(photoWidth, photoHeight);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or ObjectDisposedException))
        {
            return null;
        }

        if (region is null)
        {
            return null;
        }

        // A vector is the photo, as the network takes it.
        ImageGeometry geometry = ImageGeometry.For(photoWidth, photoHeight, photo is null ? ImagePreprocessing.For(frame.Height, frame.Width) with { Resize = ResizeRule.Squash } : preprocessing);
        bool[] pixels = new bool[frame.Pixels];
        for (int i = 0; i < pixels.Length; i++)
        {
            (double x, double y) = geometry.ToPhoto((i % frame.Width) + 0.5, (i / frame.Width) + 0.5);
            (int column, int row) = ((int)Math.Floor(x), (int)Math.Floor(y));
            pixels[i] = column >= 0 && row >= 0 && column < photoWidth && row < photoHeight && region.Contains(column, row);
        }

        return pixels.Contains(true) ? pixels : null;
    }
}
