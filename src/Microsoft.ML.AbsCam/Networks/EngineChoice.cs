namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What computes forward passes, settled.</summary>
/// <param name="Engine">Not <see cref="NetworkEngine.Auto"/>.</param>
/// <param name="Reason">Why, in a few words for the log.</param>
internal readonly record struct EngineChoice(NetworkEngine Engine, string Reason)
{
    public override string ToString() => Engine == NetworkEngine.OnnxRuntime
        ? $"Forward passes run in ONNX Runtime, gradients in TorchSharp ({Reason})."
        : $"Forward passes and gradients run in TorchSharp ({Reason}).";
}
