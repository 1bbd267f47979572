using System.Globalization;
using Microsoft.ML.AbsCam.Onnx.Files;
using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Onnx.Weights;

/// <summary>Weights that lie in files beside the model. A model may only reach files inside its own folder.</summary>
internal sealed class ExternalData(string source, string? folder)
{
    public byte[] Read(TensorProto proto, string name, long needed)
    {
        byte[] bytes = [];
        Read(proto, name, needed, () => bytes = new byte[needed]);
        return bytes;
    }

    /// <summary>Reads into memory that is asked for once the file turns out to hold the weight.</summary>
    public void Read(TensorProto proto, string name, long needed, Func<Span<byte>> memory)
    {
        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in proto.ExternalData)
        {
            entries[entry.Key] = entry.Value;
        }

        if (!entries.TryGetValue("location", out string? location) || location.Length == 0)
        {
            throw Fault(name, "is said to lie in another file, but the file is not named; export the model again.");
        }

        string path = Inside(name, location);
        long offset = Number(name, entries, "offset") ?? 0;
        try
        {
            using FileStream stream = RegularFile.OpenRead(path);
            long length = Number(name, entries, "length") ?? stream.Length - offset;
            if (offset > stream.Length || length > stream.Length - offset)
            {
                throw Fault(name, $"asks for {length} bytes at {offset} of '{location}', which has {stream.Length}; the file is cut short or belongs to another model.");
            }

            if (length != needed)
            {
                throw Fault(name, $"has {length} bytes in '{location}'; its shape needs {needed}.");
            }

            stream.Seek(offset, SeekOrigin.Begin);
            stream.ReadExactly(memory());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(name, $"lies in '{location}', which cannot be read ({e.Message.TrimEnd('.')}); put the file beside the model.", e);
        }
    }

    private string Inside(string name, string location)
    {
        if (folder is null)
        {
            throw Fault(name, $"lies in another file, '{location}', and the model was not loaded from a folder; load it from its file, or save the model with its weights inside.");
        }

        string[] parts = [.. location.Split('/', '\\').Where(part => part != ".")];
        if (Path.IsPathRooted(location) || location.Contains(':') || location.Contains('\0') || parts.Length == 0 || parts.Any(part => part is ".." or ""))
        {
            throw Fault(name, $"lies in '{location}'; only plain names inside the model's folder are read.");
        }

        // A link is followed only where it ends inside the folder.
        string root = Resolved(new DirectoryInfo(Path.GetFullPath(folder)));
        string path = root;
        for (int i = 0; i < parts.Length; i++)
        {
            path = Path.Combine(path, parts[i]);
            FileSystemInfo info = i == parts.Length - 1 ? new FileInfo(path) : new DirectoryInfo(path);
            path = Resolved(info);
            if (!path.StartsWith(root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw Fault(name, $"lies in '{location}', a link that leaves the model's folder; put the file itself beside the model.");
            }
        }

        return path;
    }

    private static string Resolved(FileSystemInfo info)
    {
        try
        {
            return Path.GetFullPath(info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? info.FullName);
        }
        catch (IOException)
        {
            // What cannot be resolved cannot be opened either, and opening it makes the message.
            return info.FullName;
        }
    }

    private long? Number(string name, Dictionary<string, string> entries, string key)
    {
        if (!entries.TryGetValue(key, out string? text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Fault(name, $"has the {key} '{text}' in another file; expected a whole number.");
    }

    private NetworkLoadException Fault(string name, string problem, Exception? inner = null) => new($"{source}: {name} {problem}", inner);
}
