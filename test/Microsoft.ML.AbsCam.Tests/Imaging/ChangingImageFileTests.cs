using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

/// <summary>What becomes of a file that changes in the middle of being read.</summary>
[TestClass]
public sealed class ChangingImageFileTests
{
    private static readonly byte[] Dark = ImageBytes.Png(1, 1, 8, 0, [0, 10]);
    private static readonly byte[] Bright = ImageBytes.Png(1, 1, 8, 0, [0, 200]);

    [TestMethod]
    public void One_that_becomes_longer_is_refused() => Refused("it was written to while it was read", path => File.AppendAllText(path, "more"));

    [TestMethod]
    public void One_that_becomes_shorter_is_refused() => Refused("it became shorter while it was read", path => File.WriteAllBytes(path, Dark[..20]));

    [TestMethod]
    public void One_that_is_overwritten_at_the_same_length_is_refused() => Refused("it was written to while it was read", path =>
    {
        Assert.HasCount(Dark.Length, Bright);
        File.WriteAllBytes(path, Bright);

        // A clock of a file system can be too coarse to tell two writes of one test apart.
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(1));
    });

    [TestMethod]
    public void A_stream_that_becomes_longer_is_refused_too()
    {
        using var stream = new GrowingStream(Dark);
        var e = Assert.ThrowsExactly<ImageFileException>(() => ImageFile.Load(stream, "upload"));
        Assert.AreEqual("upload: it was written to while it was read. Try again when it is complete.", e.Message);
    }

    [TestMethod]
    public void One_that_another_takes_the_name_of_is_read_as_it_was()
    {
        using var folder = new TemporaryFolder();
        (string path, string other) = (Path.Combine(folder.Path, "a.png"), Path.Combine(folder.Path, "b.png"));
        File.WriteAllBytes(path, Dark);
        File.WriteAllBytes(other, Bright);
        using var file = new WatchedFile(path, () => File.Move(other, path, overwrite: true));
        using var image = ImageFile.Load(file);
        Assert.AreEqual(10, image.Pixel(0, 0).Red);
        using var next = ImageFile.Load(path);
        Assert.AreEqual(200, next.Pixel(0, 0).Red);
    }

    private static void Refused(string because, Action<string> change)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.png");
        File.WriteAllBytes(path, Dark);
        using var file = new WatchedFile(path, () => change(path));
        StringAssert.Contains(Assert.ThrowsExactly<ImageFileException>(() => ImageFile.Load(file, path)).Message, $"{path}: {because}");
    }

    /// <summary>Lets something happen to the file before the first byte of it is read, when its length is known.</summary>
    private sealed class WatchedFile(string path, Action atFirstRead) : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
    {
        private Action? _atFirstRead = atFirstRead;

        // FileStream sends spans here too, where the type is not its own.
        public override int Read(byte[] buffer, int offset, int count)
        {
            _atFirstRead?.Invoke();
            _atFirstRead = null;
            return base.Read(buffer, offset, count);
        }
    }

    private sealed class GrowingStream : MemoryStream
    {
        private int _more;

        public GrowingStream(byte[] bytes)
        {
            Write(bytes);
            Position = 0;
        }

        public override long Length => base.Length + _more;

        public override int Read(byte[] buffer, int offset, int count)
        {
            _more = 1;
            return base.Read(buffer, offset, count);
        }
    }
}
