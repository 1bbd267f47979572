using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Imaging;

/// <summary>What is no regular file is refused before it is opened. A reader that waits fails by the timeout.</summary>
[TestClass]
public sealed class SpecialImageFileTests
{
    private const int Milliseconds = 20_000;

    [TestMethod]
    [Timeout(Milliseconds)]
    public void A_pipe_without_a_writer_is_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        Refused(SpecialFile.Pipe(folder.Path, "pipe.jpg"));
    }

    [TestMethod]
    [Timeout(Milliseconds)]
    public void A_link_to_a_pipe_is_refused_at_once()
    {
        using var folder = new TemporaryFolder();
        SpecialFile.Pipe(folder.Path, "pipe.jpg");
        Refused(File.CreateSymbolicLink(Path.Combine(folder.Path, "link.jpg"), "pipe.jpg").FullName);
    }

    [TestMethod]
    [Timeout(Milliseconds)]
    public void A_socket_is_refused()
    {
        using var folder = new TemporaryFolder();
        Refused(SpecialFile.Socket(folder.Path, "socket.jpg"));
    }

    [TestMethod]
    [Timeout(Milliseconds)]
    public void A_device_without_end_is_refused()
    {
        SpecialFile.Need();
        Refused(SpecialFile.EndlessDevice);
    }

    [TestMethod]
    public void A_link_to_an_image_is_read_through_links_too()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "photos"));
        File.WriteAllBytes(Path.Combine(folder.Path, "photos", "a.gif"), ImageBytes.AnimatedGif);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "first.gif"), Path.Combine("photos", "a.gif"));
        string second = File.CreateSymbolicLink(Path.Combine(folder.Path, "second.gif"), "first.gif").FullName;
        using var image = ImageFile.Load(second);
        Assert.AreEqual(3, image.Width);
    }

    private static void Refused(string path)
    {
        var e = Assert.ThrowsExactly<ImageFileException>(() => ImageFile.Load(path));
        Assert.AreEqual($"{path}: it is empty (0 bytes), or a pipe, a socket or a device; expected an image file. Copy or download it again.", e.Message);
    }
}
