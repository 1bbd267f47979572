namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>
/// A digit of an axis: the place i of the origin has the digit (i / step) mod size. Reshapes split axes into digits and put digits
/// together, as a window of a map is the lower digit of its rows and columns.
/// </summary>
/// <param name="Origin">The axis that it is a part of.</param>
/// <param name="Step">How many places of the origin one step of the digit is.</param>
/// <param name="Size">How many values the digit has.</param>
internal readonly record struct AxisPart(AxisOrigin Origin, long Step, long Size)
{
    /// <summary>Whether it is the highest digit, which tells where in the whole axis a place lies.</summary>
    public bool IsHighest => Step * Size >= Origin.Size;

    /// <summary>The two digits of which the lower one has <paramref name="lower"/> values.</summary>
    public (AxisPart Higher, AxisPart Lower) SplitAt(long lower) => (this with { Step = Step * lower, Size = Size / lower }, this with { Size = lower });

    /// <summary>One digit in place of this and the next lower one; null where they do not follow each other.</summary>
    public AxisPart? Joined(AxisPart lower) =>
        Origin == lower.Origin && Step == lower.Step * lower.Size ? new AxisPart(Origin, lower.Step, Size * lower.Size) : null;
}
