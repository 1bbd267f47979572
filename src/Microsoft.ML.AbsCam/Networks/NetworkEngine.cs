namespace Microsoft.ML.AbsCam;

/// <summary>What computes the forward passes of a network; gradients are TorchSharp's.</summary>
public enum NetworkEngine
{
    /// <summary>
    /// ONNX Runtime for an ONNX file on the CPU, where its native library is there and agrees with TorchSharp on the file;
    /// TorchSharp everywhere else. The log says which, and why.
    /// </summary>
    Auto,

    /// <summary>ONNX Runtime, or an exception that says why it cannot be.</summary>
    OnnxRuntime,

    /// <summary>TorchSharp.</summary>
    TorchSharp,
}
