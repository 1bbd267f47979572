using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>Reads the mask of a photo's object so that it lies as the photo does.</summary>
internal static class ObjectMask
{
    /// <param name="path">The mask's file.</param>
    /// <param name="decoding">How it is decoded.</param>
    /// <param name="frame">How annotations lie on the photo.</param>
    /// <returns>A picture that is not black on the object, which the caller disposes of.</returns>
    /// <exception cref="InvalidDataException">It has another size than the photo, or nothing tells which way it lies.</exception>
    public static MLImage Read(string path, ImageFileOptions decoding, PhotoFrame frame)
    {
        MLImage mask = ImageFile.Load(path, decoding);
        ExifOrientation orientation;
        try
        {
            // A mask that says itself which way up it is has been turned already.
            orientation = ImageFile.ReadOrientation(path, decoding) == ExifOrientation.TopLeft ? frame.OrientationOf("the mask is", (mask.Width, mask.Height)) : ExifOrientation.TopLeft;
        }
        catch
        {
            mask.Dispose();
            throw;
        }

        if (orientation == ExifOrientation.TopLeft)
        {
            return mask;
        }

        mask.Dispose();
        return ImageFile.Load(path, decoding with { Orientation = orientation });
    }
}
