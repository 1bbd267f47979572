namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>What a worker does with --shard.</summary>
[TestClass]
public class ShardCommandTests : ShardTest
{
    [TestMethod]
    public async Task A_worker_explains_its_share_into_a_folder_of_its_own()
    {
        Photos();
        CommandResult result = await ExplainAsync(At("photos"), "--batch", "4", "--shard", "1/3");
        Assert.AreEqual(0, result.ExitCode, result.Errors);
        CollectionAssert.AreEqual(new[] { Part(1) }, Directory.GetFileSystemEntries(Output));
        string[] images = [.. File.ReadAllLines(Path.Combine(Part(1), "results.csv")).Skip(1).Select(line => line.Split(',')[0])];
        CollectionAssert.AreEqual(Enumerable.Range(8, 8).Select(i => $"{i:00}.png").ToArray(), images);
    }

    // The environment is the whole process's.
    [TestMethod]
    [DoNotParallelize]
    public async Task The_environment_says_which_shard_it_is_only_when_it_is_asked()
    {
        Photos();
        Environment.SetEnvironmentVariable("JOB_COMPLETION_INDEX", "2");
        Environment.SetEnvironmentVariable("ABSCAM_SHARD_COUNT", "3");
        try
        {
            Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--shard", "auto")).ExitCode);
            Assert.IsTrue(Directory.Exists(Part(2)));
            Assert.AreEqual(0, (await ExplainAsync(At("photos"))).ExitCode);
            Assert.HasCount(23, Results());
        }
        finally
        {
            Environment.SetEnvironmentVariable("JOB_COMPLETION_INDEX", null);
            Environment.SetEnvironmentVariable("ABSCAM_SHARD_COUNT", null);
        }
    }

    [TestMethod]
    public async Task Results_of_other_parts_are_no_inputs()
    {
        Photos();
        string[] explain = ["explain", At("photos"), "--model", Model(), "--output", At("photos", "results"), "--phase", "initial", .. BrightnessNetwork.Options];
        foreach (string shard in new[] { "0/2", "1/2", "0/2" })
        {
            CommandResult result = await RunAsync([.. explain, "--shard", shard]);
            Assert.AreEqual(0, result.ExitCode, result.Errors);
        }

        CommandResult merged = await RunAsync("merge", At("photos", "results"));
        StringAssert.Contains(merged.Output, "explained 23 of 23 images");
    }

    [TestMethod]
    public async Task A_wrong_shard_is_refused_before_anything_is_made()
    {
        Refused(await ExplainAsync(Spot("a.png"), "--shard", "8/8"), "--shard 8/8: shards count from 0, so of 8 the last is 7");
        Refused(await ExplainAsync(Spot("a.png"), "--shard", "auto/8"), "--shard auto: no scheduler says which task this is");
        Assert.IsFalse(Directory.Exists(Output));
    }

    [TestMethod]
    public async Task A_part_is_resumed_only_as_itself()
    {
        await PartsAsync();
        Directory.Delete(Part(1), recursive: true);
        Directory.Move(Part(2), Part(1));
        Refused(await ExplainAsync(At("photos"), "--batch", "4", "--shard", "1/3", "--resume"), "holds part 2/3 of 23 files, and this is part 1/3 of 23.");
        Directory.CreateDirectory(Part(2));
        await NothingIsMergedAsync("'part-0001-of-0003' holds shard 2/3: the folder has another's name.");
    }
}
