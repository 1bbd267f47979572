namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>Where in a photo a question is about.</summary>
/// <param name="Box">Left, top, right and bottom in pixels of the photo; null for none.</param>
/// <param name="Region">How much of each place of the map lies inside, row by row; null for none.</param>
internal sealed record ShownPlace(float[]? Box, float[]? Region)
{
    /// <summary>The same in a photo of another size.</summary>
    /// <param name="across">Its width, as a multiple of this one's.</param>
    /// <param name="down">Its height.</param>
    public ShownPlace Scaled(float across, float down) => this with { Box = Box is [var left, var top, var right, var bottom] ? [left * across, top * down, right * across, bottom * down] : null };

    /// <param name="box">A box, NaN where there is none; null where none is asked about.</param>
    /// <param name="region">A region, NaN where there is none; null where none is asked about.</param>
    /// <returns>Null where there is neither.</returns>
    public static ShownPlace? Of(float[]? box, float[]? region)
        => box is not null && Array.TrueForAll(box, float.IsFinite) ? new ShownPlace(box, null)
            : region is not null && Array.TrueForAll(region, float.IsFinite) ? new ShownPlace(null, region) : null;
}
