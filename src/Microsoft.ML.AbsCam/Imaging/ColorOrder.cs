namespace Microsoft.ML.AbsCam;

/// <summary>The colour planes in the network's input.</summary>
public enum ColorOrder
{
    /// <summary>Red, green, blue: PyTorch, TensorFlow, most ONNX exports.</summary>
    Rgb,

    /// <summary>Blue, green, red: networks that come from Caffe or were fed by OpenCV.</summary>
    Bgr,

    /// <summary>One plane of grey levels, for networks of one channel: the luma of Rec. 601, .299 red + .587 green + .114 blue.</summary>
    Gray,
}
