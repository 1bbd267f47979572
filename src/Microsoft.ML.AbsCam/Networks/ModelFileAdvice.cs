using Microsoft.ML.AbsCam.Onnx.Files;
using static Microsoft.ML.AbsCam.Onnx.Files.ModelFileKinds;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What to do with a file of a network that is not of the kind that is read, given all that this library reads.</summary>
internal static class ModelFileAdvice
{
    /// <summary>Why the file is no ONNX model, in one sentence that also says how to get one; null where nobody knows.</summary>
    public static string? WhyNotOnnx(ModelFileKind kind) => kind switch
    {
        ModelFileKind.TorchStateDict or ModelFileKind.LegacyTorch or ModelFileKind.Safetensors =>
            $"{ModelFileKinds.WhyNotOnnx(kind)![..^1]}, or load it into a TorchSharp module with {nameof(ModuleWeights)}.",
        ModelFileKind.TorchScript =>
            "this is a TorchScript file; no hook reaches the layers inside it, so one such file cannot be explained, and it is never run unasked, because it holds code. " +
            "What works is a pair that is cut at the feature layer. In Python, with features and head as modules in evaluation mode and x = torch.zeros(2, 3, 224, 224): " +
            "torch.jit.trace(features, x).save(\"features.pt\"); torch.jit.trace(head, features(x)).save(\"head.pt\"). " +
            $"Then {nameof(ImageNetwork)}.{nameof(ImageNetwork.FromTorchScript)}(\"features.pt\", \"head.pt\", 224, 224) in a program, for files that you trust. " +
            $"Simpler and safer is ONNX: {ToOnnx} with the model that the file was made from.",
        _ => ModelFileKinds.WhyNotOnnx(kind),
    };

    /// <summary>Why the file holds no weights that can be loaded into a module, and what to do.</summary>
    public static string WhyNotWeights(ModelFileKind kind) => kind switch
    {
        ModelFileKind.LegacyTorch =>
            "this is a file of torch.save before PyTorch 1.6, or of its option _use_new_zipfile_serialization=False, and that format is not read; load it with a current PyTorch and save it again with torch.save(model.state_dict(), path).",
        ModelFileKind.TorchScript =>
            $"this is a TorchScript file, a program with its weights, which is not run here; save the weights with torch.save(model.state_dict(), path), or in place of a module use ONNX: {ToOnnx}.",
        _ => WhyNotOnnx(kind) is { } known
            ? $"{known[..^1]}. Weights are read from torch.save(model.state_dict(), path) and from safetensors files."
            : "this is neither a state dict that torch.save wrote (PyTorch 1.6 and later) nor a safetensors file, or it is cut short. What TorchSharp's own Module.save wrote is read by Module.load.",
    };
}
