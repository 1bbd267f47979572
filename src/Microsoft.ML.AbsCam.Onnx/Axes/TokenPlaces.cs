namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>Which tokens of an axis are places of the image.</summary>
/// <param name="Before">How many tokens come before the first place.</param>
/// <param name="Places">The digits of the places, the highest first.</param>
internal sealed record TokenPlaces(long Before, AxisPart[] Places)
{
    public long Count => AxisRoles.SizeOf(Places);
}
