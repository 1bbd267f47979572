using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Microsoft.ML.AbsCam.Onnx.Files;

/// <summary>Tells files of networks apart by their first bytes, and what to do with those that are not for here.</summary>
internal static class ModelFileKinds
{
    /// <summary>Bytes of the header that a safetensors file may have; a longer one is a damaged file, or none.</summary>
    public const long LargestSafetensorsHeader = 100_000_000;

    /// <summary>What to call in Python.</summary>
    public const string ToOnnx =
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
        ModelFileKind.TorchStateDict or ModelFileKind.LegacyTorch => $"this is a file of torch.save, weights without their network; in Python, load it into its model and call {ToOnnx}.",
        ModelFileKind.TorchScript => $"this is a TorchScript file, a program with its weights, which is not run here; in Python, call {ToOnnx} with the model that the file was made from.",
        ModelFileKind.Safetensors => $"this is a safetensors file, weights without their network; in Python, load it into its model and call {ToOnnx}.",
        ModelFileKind.Hdf5 or ModelFileKind.KerasArchive => "this is a Keras file; in Python, call keras.models.load_model(path).export(\"model.onnx\", format=\"onnx\"), or convert it with the package tf2onnx.",
        ModelFileKind.TensorFlowSavedModel => "this is a TensorFlow SavedModel; convert its folder with: python -m tf2onnx.convert --saved-model FOLDER --opset 17 --output model.onnx.",
        ModelFileKind.TensorFlowLite => "this is a TensorFlow Lite file; convert it with: python -m tf2onnx.convert --tflite FILE --opset 17 --output model.onnx.",
        _ => null,
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

        return head.Length > 8 && head[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(head) is >= 2 and <= LargestSafetensorsHeader && length > 8
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
