using System.IO.Compression;

namespace Microsoft.ML.AbsCam.Tests.Pipeline.Saved;

/// <summary>Pipelines as earlier versions saved them, around the rectified tiny network; they lie beside this file.</summary>
internal static class SavedFile
{
    private static readonly byte[] Signature = "ABSCAMTR"u8.ToArray();

    public static byte[] Read(string name)
    {
        using Stream stream = typeof(SavedFile).Assembly.GetManifestResourceStream($"{typeof(SavedFile).Namespace}.{name}.zip")
            ?? throw new FileNotFoundException($"There is no {name}.zip among the test's resources.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The same pipeline as a version would have written it that only those from <paramref name="readable"/> on can read.</summary>
    public static byte[] WithVersion(byte[] saved, uint readable)
    {
        using var file = new MemoryStream();
        file.Write(saved);
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                using Stream stream = entry.Open();
                using var content = new MemoryStream();
                stream.CopyTo(content);
                byte[] bytes = content.ToArray();
                int at = bytes.AsSpan().IndexOf(Signature);
                if (at >= 0)
                {
                    // The version that wrote follows the signature, and then the one that can read.
                    BitConverter.TryWriteBytes(bytes.AsSpan(at + 8), readable);
                    BitConverter.TryWriteBytes(bytes.AsSpan(at + 12), readable);
                    stream.Position = 0;
                    stream.Write(bytes);
                }
            }
        }

        return file.ToArray();
    }
}
