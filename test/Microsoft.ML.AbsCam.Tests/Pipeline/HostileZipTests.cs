using System.IO.Compression;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>Saved pipelines that somebody put together to do harm, or that a disk mixed up: the right maps or a refusal, and nothing beside.</summary>
[TestClass]
public sealed class HostileZipTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Bytes_that_changed_places_give_no_other_maps()
    {
        byte[] whole = Saved();
        IDataView view = TinyNetwork.View(_context, 1);
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 40; i++)
        {
            byte[] swapped = [.. whole];
            (int one, int other) = (random.Next(swapped.Length), random.Next(swapped.Length));
            (swapped[one], swapped[other]) = (swapped[other], swapped[one]);
            try
            {
                using var loaded = (IDisposable)_context.Model.Load(new MemoryStream(swapped), out _);
                Explained.AreMapsOf([0], ((ITransformer)loaded).Transform(view).Maps());
            }
            catch (Exception e) when (e is not AssertFailedException)
            {
                refused++;
                Assert.IsFalse(e is NullReferenceException or IndexOutOfRangeException or AccessViolationException, $"{one} and {other}: {e}");
            }
        }

        Assert.IsGreaterThan(20, refused);
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public void Ten_thousand_entries_more_change_nothing()
    {
        byte[] model = With(zip =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                zip.CreateEntry($"more/{i}", CompressionLevel.NoCompression);
            }
        });
        using var loaded = (IDisposable)_context.Model.Load(new MemoryStream(model), out _);
        Explained.AreMapsOf([0], ((ITransformer)loaded).Transform(TinyNetwork.View(_context, 1)).Maps());
    }

    [TestMethod]
    [DataRow("../abscam-was-here")]
    [DataRow("/tmp/abscam-was-here")]
    [DataRow("TransformerChain/../../abscam-was-here")]
    public void A_name_that_leaves_the_folder_writes_nothing(string name)
    {
        byte[] model = With(zip =>
        {
            using Stream entry = zip.CreateEntry(name).Open();
            entry.Write("not a model"u8);
        });
        try
        {
            using var loaded = (IDisposable)_context.Model.Load(new MemoryStream(model), out _);
            Explained.AreMapsOf([0], ((ITransformer)loaded).Transform(TinyNetwork.View(_context, 1)).Maps());
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            // A refusal is as good.
        }

        string[] places = [Path.GetTempPath(), Path.Combine(Path.GetTempPath(), ".."), Environment.CurrentDirectory, Path.Combine(Environment.CurrentDirectory, "..")];
        Assert.IsFalse(places.Any(folder => File.Exists(Path.Combine(folder, "abscam-was-here"))));
    }

    private byte[] Saved()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context);
        using var stream = new MemoryStream();
        _context.Model.Save(transformer, TinyNetwork.View(_context, 1).Schema, stream);
        return stream.ToArray();
    }

    private byte[] With(Action<ZipArchive> add)
    {
        using var stream = new MemoryStream();
        stream.Write(Saved());
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            add(zip);
        }

        return stream.ToArray();
    }
}
