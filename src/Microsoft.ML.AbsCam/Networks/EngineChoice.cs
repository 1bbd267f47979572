namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What computes forward passes and gradients, settled.</summary>
/// <param name="Engine">Not <see cref="NetworkEngine.Auto"/>.</param>
/// <param name="Reason">Why, in a few words for the log.</param>
/// <param name="WhyNoGradient">With ONNX Runtime: why it does not make the gradients; null where it does, or where none are asked for.</param>
/// <param name="Cuda">With ONNX Runtime: the CUDA device that it computes on; null for the CPU.</param>
internal readonly record struct EngineChoice(NetworkEngine Engine, string Reason, string? WhyNoGradient = null, int? Cuda = null)
{
    /// <summary>Whether nothing of a pass is left to TorchSharp.</summary>
    public bool IsWholly => Engine == NetworkEngine.OnnxRuntime && WhyNoGradient is null;

    public override string ToString() => Engine != NetworkEngine.OnnxRuntime ? $"Forward passes and gradients run in TorchSharp ({Reason})."
        : WhyNoGradient is null ? $"Forward passes and gradients run in ONNX Runtime{Place} ({Reason})."
        : $"Forward passes run in ONNX Runtime{Place} ({Reason}), gradients in TorchSharp ({WhyNoGradient}).";

    private string Place => Cuda is int device ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" on the CUDA device {device}") : "";
}
