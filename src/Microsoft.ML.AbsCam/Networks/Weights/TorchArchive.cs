using System.IO.Compression;

namespace Microsoft.ML.AbsCam.Networks.Weights;

/// <summary>A zip archive that <c>torch.save</c> wrote: a pickle that says which tensors there are, and an entry for each storage.</summary>
/// <remarks>Entries are looked up by their names and read in place; nothing is unpacked to disk.</remarks>
internal sealed class TorchArchive : IWeightsFile
{
    private const long LargestPickle = 64 << 20;
    private const string PickleName = "data.pkl";

    private readonly string _source;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly string _root;

    /// <param name="file">The open file, which the archive closes.</param>
    /// <param name="source">The file's name for messages.</param>
    /// <param name="stateDictKey">The key of the state dict inside a checkpoint; null where the file says.</param>
    public TorchArchive(Stream file, string source, string? stateDictKey)
    {
        _source = source;
        _zip = new ZipArchive(file, ZipArchiveMode.Read);
        foreach (ZipArchiveEntry entry in _zip.Entries)
        {
            Check(_entries.TryAdd(entry.FullName, entry), $"the archive has two entries '{TensorText.Name(entry.FullName)}'; it is damaged.");
        }

        _root = FindRoot();
        CheckByteOrder();
        PickleDict state = StateDict.Choose(ReadPickle(), stateDictKey, source);
        Tensors = new Dictionary<string, StoredTensor>(state.Items
            .Where(item => item.Value is StoredTensor)
            .Select(item => KeyValuePair.Create(item.Key, (StoredTensor)item.Value)));
        Others = [.. state.Items.Where(item => item.Value is not StoredTensor).Select(item => item.Key)];
        CheckTensors();
    }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    public IReadOnlyList<string> Others { get; }

    public void Read(StoredTensor tensor, Action<Stream> read)
    {
        using Stream bytes = _entries[StorageName(tensor)].Open();
        Skip(bytes, tensor.Offset * TensorText.Bytes(tensor.Type));
        read(bytes);
    }

    public void Dispose() => _zip.Dispose();

    private string FindRoot()
    {
        string[] pickles = [.. _entries.Keys.Where(name => name == PickleName || (name.EndsWith("/" + PickleName, StringComparison.Ordinal) && name.Count(letter => letter == '/') == 1))];
        Check(pickles.Length == 1, $"the archive has {pickles.Length} entries '{PickleName}' in its first folder; expected one, as torch.save writes it. The file is damaged, or no PyTorch wrote it.");
        return pickles[0][..^PickleName.Length];
    }

    private void CheckByteOrder()
    {
        if (_entries.TryGetValue(_root + "byteorder", out ZipArchiveEntry? entry))
        {
            string order = System.Text.Encoding.ASCII.GetString(ReadSmall(entry, atMost: 16)).Trim();
            Check(order == "little", $"the numbers are stored in the byte order '{TensorText.Name(order)}'; expected 'little'. Load and save the file again on a common machine.");
        }
    }

    private object ReadPickle()
    {
        try
        {
            return PickleReader.Read(ReadSmall(_entries[_root + PickleName], LargestPickle));
        }
        catch (PickleException e)
        {
            throw new NetworkLoadException($"{_source}: {PickleName} {e.Message.TrimEnd('.')}.", e);
        }
    }

    private void CheckTensors()
    {
        var sound = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, StoredTensor tensor) in Tensors)
        {
            string shown = $"the tensor '{TensorText.Name(name)}'";
            string storage = StorageName(tensor);
            if (!_entries.TryGetValue(storage, out ZipArchiveEntry? entry))
            {
                throw Fault($"{shown} lies in the entry '{TensorText.Name(storage)}', which the archive does not have; the file is damaged.");
            }

            Int128 size = (Int128)tensor.StorageCount * TensorText.Bytes(tensor.Type);
            Check(size == entry.Length, $"{shown} lies in a storage of {tensor.StorageCount} numbers of type {tensor.Type}, {size} bytes; the entry has {entry.Length}. The file is damaged.");
            Check(tensor.Fault() is null, $"{shown} {tensor.Fault()}; the file is damaged.");
            if (sound.Add(storage))
            {
                CheckStored(entry).Dispose();
            }
        }
    }

    private byte[] ReadSmall(ZipArchiveEntry entry, long atMost)
    {
        Check(entry.Length <= atMost, $"the entry '{TensorText.Name(entry.FullName)}' has {entry.Length} bytes; expected at most {atMost}.");
        using Stream bytes = CheckStored(entry);
        byte[] content = new byte[entry.Length];
        bytes.ReadExactly(content);
        return content;
    }

    /// <summary>Opens an entry that lies in the archive as it is: so what it says of its length is bounded by the file's.</summary>
    private Stream CheckStored(ZipArchiveEntry entry)
    {
        string shown = $"the entry '{TensorText.Name(entry.FullName)}'";
        Check(entry.CompressedLength == entry.Length && !entry.IsEncrypted, $"{shown} is compressed or encrypted; torch.save does neither. Save the file again with PyTorch.");
        Stream bytes = entry.Open();
        if (HasLength(bytes, entry.Length))
        {
            return bytes;
        }

        bytes.Dispose();
        throw Fault($"{shown} is compressed; torch.save does not do that. Save the file again with PyTorch.");
    }

    // The archive does not tell how an entry is compressed, but only a stream of plain bytes knows its length.
    private static bool HasLength(Stream bytes, long length)
    {
        try
        {
            return bytes.Length == length;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static void Skip(Stream bytes, long count)
    {
        byte[] block = new byte[Math.Min(count, 1 << 16)];
        while (count > 0)
        {
            int part = (int)Math.Min(count, block.Length);
            bytes.ReadExactly(block, 0, part);
            count -= part;
        }
    }

    private string StorageName(StoredTensor tensor) => $"{_root}data/{tensor.Storage}";

    private void Check(bool isSound, string fault)
    {
        if (!isSound)
        {
            throw Fault(fault);
        }
    }

    private NetworkLoadException Fault(string fault) => new($"{_source}: {fault}");
}
