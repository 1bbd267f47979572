namespace Microsoft.ML.AbsCam.Onnx.Gradients;

/// <summary>What is known of a value before it is computed.</summary>
/// <param name="Sizes">Its shape in a run that was recorded, of two images where the network takes that many.</param>
/// <param name="Varies">Which of the sizes are others in other runs: of more images, or of larger ones.</param>
/// <param name="ElementType">The format's number of its element type.</param>
internal sealed record ValueShape(long[] Sizes, bool[] Varies, int ElementType)
{
    public int Rank => Sizes.Length;

    public bool IsReal => ElementType is Format.ElementTypes.Float or Format.ElementTypes.Double;

    /// <summary>The size of an axis; null where runs differ in it.</summary>
    public long? Fixed(int axis) => Varies[axis] ? null : Sizes[axis];

    /// <summary>The sizes from an axis on; null where runs differ in one.</summary>
    public long[]? FixedFrom(int axis) => Varies.AsSpan(axis).Contains(true) ? null : Sizes[axis..];
}
