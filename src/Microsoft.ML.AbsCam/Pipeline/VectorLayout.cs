namespace Microsoft.ML.AbsCam;

/// <summary>The order of the dimensions of an image that comes as a vector of float.</summary>
public enum VectorLayout
{
    /// <summary>Whichever of the two has the network's number of channels in its place; channels first where both do.</summary>
    Auto,

    /// <summary>[C,H,W], as TorchSharp and ONNX have it.</summary>
    ChannelsFirst,

    /// <summary>[H,W,C], as ML.NET's pixel extractor interleaves it.</summary>
    ChannelsLast,
}
