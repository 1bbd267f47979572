using System.IO.Compression;
using System.Text;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>A model file that is damaged, or not ours, is refused in words that say so.</summary>
[TestClass]
public sealed class DamagedModelTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_flipped_bit_in_the_network_is_found_by_its_checksum()
        => StringAssert.Contains(Refused(Changed("Network", bytes => Flip(bytes, bytes.Length / 2))), "its checksum differs. The file is damaged");

    [TestMethod]
    public void A_network_that_is_cut_short_is_damaged()
        => StringAssert.Contains(Refused(Changed("Network", bytes => bytes[..(bytes.Length / 2)])), "is cut short. The file is damaged");

    [TestMethod]
    public void An_announced_length_that_cannot_be_costs_no_memory()
        => StringAssert.Contains(Refused(Changed("Network", bytes => [.. BitConverter.GetBytes(long.MaxValue), .. bytes.AsSpan(8)])), "which cannot be. It is damaged");

    [TestMethod]
    public void A_missing_network_is_named()
        => StringAssert.Contains(Refused(Changed("Network", _ => null)), "has no network inside");

    [TestMethod]
    public void Options_that_cannot_be_read_are_named()
        => StringAssert.Contains(Refused(Changed("Model.key", bytes => Replaced(bytes, "\"BatchSize\":8", "\"BatchSize\":0"))), "The options inside the saved pipeline cannot be read (AbsCamOptions.BatchSize is a number of images");

    [TestMethod]
    public void A_newer_version_is_refused_with_its_number_and_the_remedy()
    {
        // The header holds the signature, then the version that wrote the file and the one that can read it.
        string message = Refused(Changed("Model.key", bytes =>
        {
            int at = bytes.AsSpan().IndexOf("ABSCAMTR"u8) + 8;
            BitConverter.TryWriteBytes(bytes.AsSpan(at), 0x00090001);
            BitConverter.TryWriteBytes(bytes.AsSpan(at + 4), 0x00090001);
            return bytes;
        }));
        StringAssert.Contains(message, "written by a newer version of Microsoft.ML.AbsCam: its format is 9.1");
        StringAssert.Contains(message, "Update the package");
    }

    [TestMethod]
    public void A_truncated_zip_is_refused_by_ML_NET()
    {
        byte[] whole = Saved();
        foreach (int length in (int[])[0, 1, 100, whole.Length / 2, whole.Length - 1])
        {
            Refused(whole[..length]);
        }
    }

    [TestMethod]
    public void A_foreign_zip_is_refused_by_ML_NET()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = zip.CreateEntry("readme.txt").Open();
            entry.Write("not a model"u8);
        }

        Refused(stream.ToArray());
    }

    [TestMethod]
    public void No_single_flipped_bit_of_the_file_gives_other_maps()
    {
        byte[] whole = Saved();
        IDataView view = TinyNetwork.View(_context, 1);
        for (int at = 40; at < whole.Length; at += whole.Length / 40)
        {
            try
            {
                using var loaded = (IDisposable)_context.Model.Load(new MemoryStream(Flip([.. whole], at)), out _);
                Explained.AreMapsOf([0], ((ITransformer)loaded).Transform(view).Maps());
            }
            catch (Exception e) when (e is not AssertFailedException)
            {
                Assert.IsFalse(e is NullReferenceException or IndexOutOfRangeException or AccessViolationException, $"byte {at}: {e}");
            }
        }
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 4;
        return bytes;
    }

    private static byte[] Replaced(byte[] bytes, string from, string to)
    {
        int at = bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(from));
        Assert.IsGreaterThan(0, at);
        Encoding.Unicode.GetBytes(to).CopyTo(bytes, at);
        return bytes;
    }

    // ML.NET makes transformers by reflection, so that what they say is the inner exception.
    private string Refused(byte[] model)
        => Assert.Throws<Exception>(() => _context.Model.Load(new MemoryStream(model), out _)).ToString();

    private byte[] Saved()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context);
        using var stream = new MemoryStream();
        _context.Model.Save(transformer, TinyNetwork.View(_context, 1).Schema, stream);
        return stream.ToArray();
    }

    /// <summary>The saved model with our part of that name changed, or left out for null.</summary>
    private byte[] Changed(string name, Func<byte[], byte[]?> change)
    {
        using var stream = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(Saved())))
        using (var to = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            int changed = 0;
            foreach (ZipArchiveEntry entry in from.Entries)
            {
                using var copy = new MemoryStream();
                using (Stream content = entry.Open())
                {
                    content.CopyTo(copy);
                }

                byte[]? bytes = copy.ToArray();
                if (entry.Name == name && (name == "Network" || bytes.AsSpan().IndexOf("ABSCAMTR"u8) >= 0))
                {
                    bytes = change(bytes);
                    changed++;
                }

                if (bytes is not null)
                {
                    using Stream content = to.CreateEntry(entry.FullName).Open();
                    content.Write(bytes);
                }
            }

            Assert.AreEqual(1, changed, string.Join(", ", from.Entries.Select(entry => entry.FullName)));
        }

        return stream.ToArray();
    }
}
