namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>How the axes of a map lie in memory.</summary>
internal enum MapLayout
{
    /// <summary>Height and width are the last two axes.</summary>
    ChannelsFirst,

    /// <summary>[batch, height, width, channels].</summary>
    ChannelsLast,
}
