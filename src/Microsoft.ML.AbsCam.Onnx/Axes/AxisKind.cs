namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>What the places along an axis tell apart.</summary>
internal enum AxisKind
{
    /// <summary>Images of a batch.</summary>
    Batch,

    /// <summary>Rows of the image, or of a map of it.</summary>
    Row,

    /// <summary>Columns of the image, or of a map of it.</summary>
    Column,

    /// <summary>Channels, or anything else that is no place in the image.</summary>
    Feature,

    /// <summary>Places of the image in a row, with tokens before or behind them that are none, as a class token is.</summary>
    Tokens,
}
