using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.ML.AbsCam.Networks.Weights;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>Tells files of networks apart by their first bytes, and what to do with those that are not for here.</summary>
internal static class ModelFileKinds
{
    private const string ToOnnx =
        "torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), \"model.onnx\", input_names=[\"input\"], output_names=[\"logits\"], dynamic_axes={\"input\": {0: \"batch\"}})";

    public static ModelFileKind Of(ReadOnlyMemory<byte> bytes)
    {
        ArraySegment<byte> array = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) ? segment : bytes.ToArray();
        using var file = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
        return Of(file);
    }

    /// <param name="file">A file that can seek; it stays open, at its beginning.</param>
    public static ModelFileKind Of(Stream file)
    {
        Span<byte> buffer = stackalloc byte[32];
        file.Position = 0;
        ReadOnlySpan<byte> head = buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        ModelFileKind kind = Of(head, file.Length);
        if (head.StartsWith("PK\x03\x04"u8))
        {
            kind = OfArchive(file);
            file.Position = 0;
        }

        return kind;
    }

    /// <summary>Why the file is no ONNX model, in one sentence that also says how to get one; null where nobody knows.</summary>
    public static string? WhyNotOnnx(ModelFileKind kind) => kind switch
    {
        ModelFileKind.TorchStateDict or ModelFileKind.LegacyTorch =>
            $"this is a file of torch.save, weights without their network; in Python, load it into its model and call {ToOnnx}, or load it into a TorchSharp module with {nameof(ModuleWeights)}.",
        ModelFileKind.TorchScript =>
            "this is a TorchScript file; no hook reaches the layers inside it, so one such file cannot be explained, and it is never run unasked, because it holds code. " +
            "What works is a pair that is cut at the feature layer. In Python, with features and head as modules in evaluation mode and x = torch.zeros(2, 3, 224, 224): " +
            "torch.jit.trace(features, x).save(\"features.pt\"); torch.jit.trace(head, features(x)).save(\"head.pt\"). " +
            $"Then {nameof(ImageNetwork)}.{nameof(ImageNetwork.FromTorchScript)}(\"features.pt\", \"head.pt\", 224, 224) in a program, for files that you trust. " +
            $"Simpler and safer is ONNX: {ToOnnx} with the model that the file was made from.",
        ModelFileKind.Safetensors =>
            $"this is a safetensors file, weights without their network; in Python, load it into its model and call {ToOnnx}, or load it into a TorchSharp module with {nameof(ModuleWeights)}.",
        ModelFileKind.Hdf5 or ModelFileKind.KerasArchive => "this is a Keras file; in Python, call keras.models.load_model(path).export(\"model.onnx\", format=\"onnx\"), or convert it with the package tf2onnx.",
        ModelFileKind.TensorFlowSavedModel => "this is a TensorFlow SavedModel; convert its folder with: python -m tf2onnx.convert --saved-model FOLDER --opset 17 --output model.onnx.",
        ModelFileKind.TensorFlowLite => "this is a TensorFlow Lite file; convert it with: python -m tf2onnx.convert --tflite FILE --opset 17 --output model.onnx.",
        _ => null,
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

    private static ModelFileKind Of(ReadOnlySpan<byte> head, long length)
    {
        // The pickled magic number that files of torch.save began with before they became archives.
        if (head.Length > 14 && head[0] == 0x80 && head[2..].StartsWith((ReadOnlySpan<byte>)[0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]))
        {
            return ModelFileKind.LegacyTorch;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, .. "HDF\r\n\x1a\n"u8]))
        {
            return ModelFileKind.Hdf5;
        }

        if (head.Length >= 8 && head[4..8].SequenceEqual("TFL3"u8))
        {
            return ModelFileKind.TensorFlowLite;
        }

        // saved_model_schema_version: 1, then meta_graphs; an ONNX file of version 1 of its format has text there.
        if (head.Length >= 8 && head.StartsWith((ReadOnlySpan<byte>)[0x08, 0x01, 0x12]) && head[3..].IndexOf((byte)0x0A) is > 0 and <= 5)
        {
            return ModelFileKind.TensorFlowSavedModel;
        }

        return head.Length > 8 && head[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) is >= 2 and <= SafetensorsFile.LargestHeader && length > 8
            ? ModelFileKind.Safetensors
            : ModelFileKind.Unknown;
    }

    private static ModelFileKind OfArchive(Stream file)
    {
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            string[] names = [.. zip.Entries.Select(entry => entry.FullName)];
            return names switch
            {
                _ when names.Any(name => name.EndsWith("constants.pkl", StringComparison.Ordinal)) && names.Any(name => name.Contains("code/", StringComparison.Ordinal)) => ModelFileKind.TorchScript,
                _ when names.Any(name => name.EndsWith("data.pkl", StringComparison.Ordinal)) => ModelFileKind.TorchStateDict,
                _ when names.Contains("model.weights.h5") => ModelFileKind.KerasArchive,
                _ => ModelFileKind.Unknown,
            };
        }
        catch (InvalidDataException)
        {
            return ModelFileKind.Unknown;
        }
    }
}
