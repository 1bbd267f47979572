namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>A rectangle of a photo in continuous coordinates: pixel i covers [i, i + 1).</summary>
internal readonly record struct PhotoRegion(double Left, double Top, double Right, double Bottom);
