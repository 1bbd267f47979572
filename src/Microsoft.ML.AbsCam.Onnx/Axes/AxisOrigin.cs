namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>An axis as it came into being: the image's own, or one that an operator made. Two axes are the same where they share it.</summary>
/// <param name="kind">What its places tell apart.</param>
/// <param name="size">How many places it has.</param>
/// <param name="pixels">For rows and columns: pixels of the image from one place to the next.</param>
internal sealed class AxisOrigin(AxisKind kind, long size, double pixels = 0)
{
    public AxisKind Kind => kind;

    public long Size => size;

    public double Pixels => pixels;

    /// <summary>Which of its places are places of the image, where it is an axis of tokens; else null.</summary>
    public TokenPlaces? Tokens { get; init; }

    /// <summary>All of it, as the parts of one axis; none for an axis of one place, which tells nothing apart.</summary>
    public AxisPart[] Whole => size > 1 ? [new AxisPart(this, 1, size)] : [];
}
