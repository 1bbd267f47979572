using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>The mask that says which region of a photo is asked about.</summary>
internal static class RegionFile
{
    /// <param name="path">The mask: what is not black is inside.</param>
    /// <param name="width">The photo's width, as it is shown.</param>
    /// <param name="height">The photo's height.</param>
    /// <param name="decoding">How pictures are read.</param>
    /// <exception cref="InvalidDataException">It has another size than the photo, is empty, or cannot be read; the message names it.</exception>
    public static MLImage Read(string path, int width, int height, ImageFileOptions decoding)
    {
        MLImage mask;
        try
        {
            mask = ImageFile.Load(path, decoding);
        }
        catch (ImageFileException e)
        {
            throw new InvalidDataException($"the mask of its region cannot be read: {e.Message}");
        }

        string? trouble = (mask.Width, mask.Height) != (width, height)
            ? $"the mask of its region, '{path}', is {mask.Width} x {mask.Height}, and the photo {width} x {height} as it is shown (width x height). A mask has its photo's size."
            : IsBlack(mask) ? $"the mask of its region, '{path}', is black all over, so no region is asked about. What is not black is inside." : null;
        if (trouble is not null)
        {
            mask.Dispose();
            throw new InvalidDataException(trouble);
        }

        return mask;
    }

    private static bool IsBlack(MLImage mask)
    {
        ReadOnlySpan<byte> pixels = mask.Pixels;
        for (int i = 0; i < pixels.Length; i += 4)
        {
            // The fourth byte is the opacity, which says nothing of colour.
            if (pixels.Slice(i, 3).ContainsAnyExcept((byte)0))
            {
                return false;
            }
        }

        return true;
    }
}
