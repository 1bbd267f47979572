using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using ICSharpCode.SharpZipLib.Checksum;
using Microsoft.ML.AbsCam.Networks.Weights;
using Microsoft.ML.AbsCam.Onnx.Files;
using ZipEntry = ICSharpCode.SharpZipLib.Zip.ZipEntry;
using ZipFile = ICSharpCode.SharpZipLib.Zip.ZipFile;

namespace Microsoft.ML.AbsCam.Networks.Scripts;

/// <summary>Looks a TorchScript archive over before libtorch opens it.</summary>
/// <remarks>
/// Faults that libtorch's compiler finds in a script leave it as C++ exceptions that TorchSharp does not catch, and those end
/// the process. So damage and operators that it cannot have are found here. This makes no file safe: its code still runs.
/// </remarks>
internal static partial class ScriptArchive
{
    private static readonly string[] Parts = ["version", "data.pkl", "constants.pkl"];
    private static readonly string[] Libraries = ["aten", "prim", "quantized", "prepacked", "mkldnn", "sparse", "xnnpack"];

    /// <exception cref="NetworkLoadException">The file is no TorchScript, is damaged, or asks for operators of another library.</exception>
    public static void Check(string path)
    {
        string name = Path.GetFileName(path);
        try
        {
            using FileStream file = RegularFile.OpenRead(path);
            ModelFileKind kind = ModelFileKinds.Of(file);
            if (kind != ModelFileKind.TorchScript)
            {
                throw new NetworkLoadException($"{name}: this is no TorchScript file that torch.jit.save wrote. {Instead(kind)}");
            }

            CheckNames(file, name);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            string root = zip.Entries[0].FullName.Split('/')[0] + "/";
            if (Parts.FirstOrDefault(part => zip.GetEntry(root + part) is null) is string missing)
            {
                throw new NetworkLoadException($"{name}: the archive has no entry '{missing}'; it is damaged. Save it again with torch.jit.save.");
            }

            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                CheckEntry(entry, name);
            }
        }
        catch (Exception e) when (e is not (NetworkLoadException or OutOfMemoryException))
        {
            throw new NetworkLoadException($"{name}: the file cannot be read to its end ({e.Message.TrimEnd('.')}). It is cut short or damaged, or this program may not read it.", e);
        }
    }

    private static string Instead(ModelFileKind kind) => ModelFileAdvice.WhyNotOnnx(kind) is string known
        ? char.ToUpperInvariant(known[0]) + known[1..]
        : $"An ONNX file is opened with {nameof(ImageNetwork)}.{nameof(ImageNetwork.FromOnnx)}.";

    // An entry has its name in the list at the end and again where it lies; a list with other names hides code from libtorch.
    private static void CheckNames(FileStream file, string name)
    {
        using var zip = new ZipFile(file, leaveOpen: true);
        byte[] header = new byte[30];
        foreach (ZipEntry entry in zip)
        {
            file.Position = entry.Offset;
            file.ReadExactly(header);
            byte[] own = new byte[BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26))];
            file.ReadExactly(own);
            if (Encoding.UTF8.GetString(own) != entry.Name)
            {
                throw new NetworkLoadException($"{name}: the archive lists an entry '{TensorText.Name(entry.Name)}', where another lies; it is damaged. Save it again with torch.jit.save.");
            }
        }
    }

    private static void CheckEntry(ZipArchiveEntry entry, string name)
    {
        var crc = new Crc32();
        using Stream bytes = entry.Open();
        using var code = new MemoryStream();
        bool isCode = entry.FullName.EndsWith(".py", StringComparison.Ordinal);
        byte[] block = new byte[1 << 16];
        long length = 0;
        for (int count; (count = bytes.Read(block)) > 0; length += count)
        {
            crc.Update(new ArraySegment<byte>(block, 0, count));
            code.Write(block, 0, isCode ? count : 0);
        }

        if (crc.Value != entry.Crc32 || length != entry.Length)
        {
            throw new NetworkLoadException($"{name}: the entry '{TensorText.Name(entry.FullName)}' is not what was saved, its checksum differs; the file is damaged. Save it again with torch.jit.save.");
        }

        string text = Encoding.UTF8.GetString(code.GetBuffer(), 0, (int)code.Length);
        if (ForeignOperators().Matches(text).FirstOrDefault(call => !Libraries.Contains(call.Groups["library"].Value)) is Match foreign)
        {
            throw new NetworkLoadException(
                $"{name}: the script needs '{foreign.Groups["library"].Value}::{foreign.Groups["name"].Value}' ({TensorText.Name(entry.FullName)}), which is no part of libtorch. Leave it out of the file in Python, or export ONNX.");
        }
    }

    // Operators of libtorch's own are printed as torch.name; of others, and classes made in C++, with their library.
    [GeneratedRegex(@"\b(ops|torch\.classes)\.(?<library>\w+)\.(?<name>\w+)")]
    private static partial Regex ForeignOperators();
}
