namespace Microsoft.ML.AbsCam;

/// <summary>What became of the explanation of a row; the status column holds the name as text.</summary>
public enum MapStatus
{
    /// <summary>The map is good.</summary>
    Ok,

    /// <summary>The map has one value everywhere (maximum - minimum below 1e-12), so it points nowhere.</summary>
    Flat,

    /// <summary>The scores or the map hold NaN or infinity.</summary>
    NotFinite,

    /// <summary>The row asks for a class that the network does not have.</summary>
    TargetOutOfRange,

    /// <summary>There is no image in the row, or it could not be read.</summary>
    UnreadableImage,

    /// <summary>
    /// The row asks about a box, a region or a reference that is not there, or that the network sees nothing of. What is detected in an asked box overlaps it
    /// (intersection over union) by 0.25 or more and has a probability of 0.01 or more.
    /// </summary>
    TargetNotFound,

    /// <summary>
    /// The terms of the map cancel each other, and what is left is rounding: so it is with gradient times activation at a layer that a normalisation reads,
    /// as the input of a transformer's block is.
    /// </summary>
    Rounding,

    /// <summary>What the method adds up is not the score for this image, as where a number was cut from above.</summary>
    Incomplete,
}
