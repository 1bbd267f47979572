using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Tool.Commands;

/// <summary>A pipe in the place of any input is named, and neither waited for nor read. A reader that waits fails by the timeout.</summary>
[TestClass]
public class SpecialFileCommandTests : CommandTest
{
    private const int Milliseconds = 60_000;
    private const string Problem = "is empty (0 bytes), or a pipe, a socket or a device";

    [TestMethod]
    [Timeout(Milliseconds)]
    public async Task Among_photos_and_tensors_it_is_named_and_the_others_are_explained()
    {
        Spot("photos/good.png");
        SpecialFile.Pipe(At("photos"), "pipe.jpg");
        SpecialFile.Pipe(At("photos"), "pipe.npy");
        SpecialFile.Socket(At("photos"), "socket.png");
        CommandResult result = await ExplainAsync(At("photos"));
        foreach (string name in new[] { "pipe.jpg", "pipe.npy", "socket.png" })
        {
            Refused(result, $"{name}: it {Problem}", exitCode: 1);
        }

        Assert.AreEqual("Ok UnreadableImage UnreadableImage UnreadableImage", string.Join(' ', Results().Select(row => row[1])));
    }

    [TestMethod]
    [Timeout(Milliseconds)]
    [DataRow("--labels {0}")]
    [DataRow("--target @{0}")]
    [DataRow("--truth @{0}")]
    public async Task As_a_text_file_it_is_refused(string option)
    {
        string pipe = SpecialFile.Pipe(Folder, "pipe.csv");
        Refused(await ExplainAsync(Spot("a.png"), string.Format(null, option, pipe).Split(' ')), Problem);
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    [Timeout(Milliseconds)]
    [DataRow("boxes.json")]
    [DataRow("boxes.xml")]
    public async Task As_a_file_of_boxes_it_is_refused(string name)
    {
        string pipe = SpecialFile.Pipe(Folder, name);
        Refused(await RunAsync("compare", Spot("a.png"), "--model", Model(), "--output", Output, "--boxes", pipe), $"--boxes {pipe}: it cannot be read: it {Problem}");
    }

    [TestMethod]
    [Timeout(Milliseconds)]
    public async Task As_a_model_it_is_refused()
    {
        string pipe = SpecialFile.Pipe(Folder, "pipe.onnx");
        Refused(await RunAsync("layers", pipe), $"the file {Problem}");
        Refused(await RunAsync("explain", Spot("a.png"), "--model", pipe, "--output", Output), $"the file {Problem}");
    }
}
