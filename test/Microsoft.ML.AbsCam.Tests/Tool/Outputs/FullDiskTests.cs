using System.Globalization;

namespace Microsoft.ML.AbsCam.Tests.Tool.Outputs;

/// <summary>A disk that is full stops a comparison and a merge with a word and a code of its own, and costs nothing that was done.</summary>
[TestClass]
public class FullDiskTests : CommandTest
{
    [TestMethod]
    public async Task A_comparison_goes_on_when_there_is_room()
    {
        AddPhotos(6);
        string[] compare = ["compare", At("photos"), "--model", Model(), "--methods", "grad-cam", "--measures", "drop", "--batch", "2", "--output", Output, .. BrightnessNetwork.Options];
        Assert.AreEqual(0, (await RunAsync(compare)).ExitCode);
        string[] undisturbed = ResultFolder.Of(Output);
        Directory.Delete(Output, recursive: true);
        using var disk = new SmallDisk(Output, 24);
        Refused(await RunAsync(compare), "because results cannot be written", exitCode: 3);
        disk.Resize(64_000);
        CommandResult again = await RunAsync([.. compare, "--resume"]);
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task A_merge_goes_on_when_there_is_room()
    {
        AddPhotos(12);
        using var disk = new SmallDisk(Output, 64_000);
        for (int part = 0; part < 2; part++)
        {
            Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--batch", "2", "--save", "npy,report", "--shard", string.Create(CultureInfo.InvariantCulture, $"{part}/2"))).ExitCode);
        }

        // Room for a few lines of the journal, and not for all of them.
        long used = Directory.GetFiles(Output, "*", SearchOption.AllDirectories).Sum(path => (new FileInfo(path).Length + 4095) / 4096 * 4);
        disk.Resize((int)used + 40);
        Refused(await RunAsync("merge", Output), "results cannot be written", exitCode: 3);
        disk.Resize(64_000);
        CommandResult merged = await RunAsync("merge", Output);
        Assert.AreEqual(0, merged.ExitCode, merged.Errors);
        string[] one = ["explain", At("photos"), "--model", Model(), "--output", At("one"), "--phase", "initial", "--batch", "2", "--save", "npy,report", .. BrightnessNetwork.Options];
        Assert.AreEqual(0, (await RunAsync(one)).ExitCode);
        CollectionAssert.AreEqual(ResultFolder.Of(At("one")), ResultFolder.Of(Output));
    }

    private void AddPhotos(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Spot(string.Create(CultureInfo.InvariantCulture, $"photos/{i:00}.png"), x: 15 + (5 * i), y: 80 - (4 * i));
        }
    }
}
