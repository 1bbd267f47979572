namespace Microsoft.ML.AbsCam;

/// <summary>A rectangle of a photo in continuous coordinates, in pixels from its upper left corner: pixel i covers [i, i + 1).</summary>
/// <param name="Left">Where it begins, from the left.</param>
/// <param name="Top">Where it begins, from above.</param>
/// <param name="Right">Where it ends, from the left.</param>
/// <param name="Bottom">Where it ends, from above.</param>
public readonly record struct PhotoRegion(double Left, double Top, double Right, double Bottom);
