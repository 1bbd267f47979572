using System.Globalization;

namespace Microsoft.ML.AbsCam.Tests.Tool.Runs;

/// <summary>Photos that were taken away between two runs into a folder.</summary>
[TestClass]
public class FormerImagesTests : CommandTest
{
    private const int Photos = 6;

    [TestMethod]
    public async Task Are_named_kept_and_in_no_table()
    {
        AddPhotos();
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--batch", "1")).ExitCode);
        string map = At("out", "maps", "1.npy");
        byte[] before = File.ReadAllBytes(map);
        File.Move(At("photos", "1.png"), At("elsewhere.png"));
        CommandResult resumed = await ExplainAsync(At("photos"), "--batch", "1", "--resume");
        Assert.AreEqual(0, resumed.ExitCode, resumed.Errors);
        StringAssert.Contains(resumed.Output, "1 image of an earlier run into");
        StringAssert.Contains(resumed.Output, "is not among the files any more (1): neither table, page nor Parquet files hold them; their maps and overlays are kept");
        CollectionAssert.AreEqual((string[])["0.png", "2.png", "3.png", "4.png", "5.png"], Results().Select(row => row[0]).ToArray());
        CollectionAssert.AreEqual(before, File.ReadAllBytes(map));

        // Told again, the run is that of the files that are there.
        CommandResult told = await ExplainAsync(At("photos"), "--batch", "1");
        StringAssert.Contains(told.Output, "it is done: 5 of 5 images are explained");

        File.Move(At("elsewhere.png"), At("photos", "1.png"));
        CommandResult back = await ExplainAsync(At("photos"), "--batch", "1", "--resume");
        StringAssert.Contains(back.Output, $"{Photos} of {Photos} images were done before", "what was kept serves again");
        Assert.IsFalse(back.Output.Contains("earlier run into", StringComparison.Ordinal));
        Assert.HasCount(Photos, Results());

        File.Delete(At("photos", "1.png"));
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--batch", "1", "--overwrite")).ExitCode);
        Assert.IsFalse(File.Exists(map));
    }

    [TestMethod]
    [DataRow("parquet")]
    [DataRow("npy,parquet")]
    public async Task Are_in_no_Parquet_file(string save)
    {
        AddPhotos();
        string[] options = ["--batch", "1", "--save", save, "--parquet-images", "2"];
        File.Move(At("photos", "1.png"), At("1.png"));
        File.Move(At("photos", "5.png"), At("5.png"));
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), options)).ExitCode);
        string[] undisturbed = ResultFolder.Of(At("out", "parquet"));
        Directory.Delete(Output, recursive: true);

        File.Move(At("1.png"), At("photos", "1.png"));
        File.Move(At("5.png"), At("photos", "5.png"));
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), options)).ExitCode);
        Assert.HasCount(3, Directory.GetFiles(At("out", "parquet")));
        File.Delete(At("photos", "1.png"));
        File.Delete(At("photos", "5.png"));
        CommandResult resumed = await ExplainAsync(At("photos"), [.. options, "--resume"]);
        Assert.AreEqual(0, resumed.ExitCode, resumed.Errors);
        CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(At("out", "parquet")), "as of a run that never saw them");
    }

    private void AddPhotos()
    {
        for (int i = 0; i < Photos; i++)
        {
            Spot(string.Create(CultureInfo.InvariantCulture, $"photos/{i}.png"), x: 15 + (9 * i), y: 70 - (6 * i));
        }
    }
}
