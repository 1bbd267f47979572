using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Files;

namespace Microsoft.ML.AbsCam.Networks;

/// <summary>Makes networks of ONNX files.</summary>
internal static class ModelFile
{
    /// <summary>A file with an explanation baked in runs by that, and any other is imported.</summary>
    public static ImageNetwork Open(ReadOnlyMemory<byte> bytes, string name, string? folder, int? inputHeight, int? inputWidth, OnnxImportLimits? limits, string? scoresOutput, int? classes, NetworkTask task)
    {
        ImageNetwork? baked = BakedImageNetwork.TryOpen(bytes, name, inputHeight, inputWidth, scoresOutput);
        if (baked is null)
        {
            return new OnnxImageNetwork(bytes, name, folder, inputHeight, inputWidth, limits, scoresOutput, classes, task);
        }

        baked.AskedTask = task == NetworkTask.Auto ? baked.AskedTask : task;
        return baked;
    }

    public static ImageNetwork FromFile(string file, int? inputHeight, int? inputWidth, OnnxImportLimits? limits, string? scoresOutput, int? classes, NetworkTask task)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"There is no model file '{file}'.", file);
        }

        if (!RegularFile.HasBytes(file))
        {
            throw new NetworkLoadException($"{Path.GetFileName(file)}: the file {RegularFile.NoBytes}; an ONNX file is expected.");
        }

        if (new FileInfo(file).Length > Array.MaxLength)
        {
            throw new NetworkLoadException($"{Path.GetFileName(file)}: the file is larger than an ONNX file can be ({int.MaxValue} bytes); it is damaged, or should be exported with its weights in files beside it.");
        }

        return Open(File.ReadAllBytes(file), Path.GetFileName(file), Path.GetDirectoryName(Path.GetFullPath(file)), inputHeight, inputWidth, limits, scoresOutput, classes, task);
    }

    public static ImageNetwork FromStream(Stream stream, int? inputHeight, int? inputWidth, OnnxImportLimits? limits, string? scoresOutput, int? classes, NetworkTask task)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Open(bytes.ToArray(), "network.onnx", null, inputHeight, inputWidth, limits, scoresOutput, classes, task);
    }
}
