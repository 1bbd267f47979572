namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>A map or a vector of a network that is drawn.</summary>
/// <param name="Name">The value in the file, in the layout that the file has there.</param>
/// <param name="Origin">The value of which it is a mere copy, itself if it is none; TorchSharp's tensor goes by this name.</param>
/// <param name="Channels">How many.</param>
/// <param name="Height">Rows; 0 of a vector.</param>
/// <param name="Width">Columns; 0 of a vector.</param>
internal sealed record TwinMap(string Name, string Origin, long Channels, int Height, int Width)
{
    public int Places => Height * Width;
}
