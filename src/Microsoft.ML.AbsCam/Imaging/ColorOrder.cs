namespace Microsoft.ML.AbsCam;

/// <summary>The order of the colour planes in the network's input.</summary>
public enum ColorOrder
{
    /// <summary>Red, green, blue: PyTorch, TensorFlow, most ONNX exports.</summary>
    Rgb,

    /// <summary>Blue, green, red: networks that come from Caffe or were fed by OpenCV.</summary>
    Bgr,
}
