namespace Microsoft.ML.AbsCam;

/// <summary>What goes into a network and comes out of it.</summary>
/// <param name="Channels">Colour channels of the input.</param>
/// <param name="Height">Rows of the input, in pixels.</param>
/// <param name="Width">Columns of the input, in pixels.</param>
/// <param name="ClassCount">How many classes the network scores.</param>
public sealed record NetworkShape(int Channels, int Height, int Width, int ClassCount);
