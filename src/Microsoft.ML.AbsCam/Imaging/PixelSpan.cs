namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Pixels First to End - 1 along one axis of a photo.</summary>
internal readonly record struct PixelSpan(int First, int End);
