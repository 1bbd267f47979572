using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>Parts are joined when they make a whole, and then as one run would have been.</summary>
[TestClass]
public class MergeCommandTests : ShardTest
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(25)]
    public async Task Parts_become_what_one_run_makes(int count)
    {
        Photos();
        await WholeAsync();
        await ShardsAsync(count);
        Assert.IsFalse(File.Exists(At("out", "results.csv")));

        CommandResult merged = await RunAsync("merge", Output);
        Assert.AreEqual(0, merged.ExitCode, merged.Errors);
        StringAssert.Contains(merged.Output, "explained 23 of 23 images, 23 maps");
        CollectionAssert.AreEqual(ResultFolder.Of(At("one")), ResultFolder.Of(Output));
        Assert.IsEmpty(Directory.GetDirectories(Output, "part-*"));
    }

    [TestMethod]
    [DataRow("parquet", 3)]
    [DataRow("parquet", 7)]
    [DataRow("npy,parquet,report", 2)]
    public async Task Parquet_files_are_those_of_one_run(string save, int count)
    {
        Photos();

        // Files of two batches: the last of six holds fewer.
        string[] options = ["--save", save, "--parquet-images", "8"];
        await WholeAsync(options);
        await ShardsAsync(count, options);

        // A longer run was here before, and its files would be read as rows of this one.
        Write("out/parquet/part-00007.parquet", "an earlier run's");
        CommandResult merged = await RunAsync("merge", Output);
        Assert.AreEqual(0, merged.ExitCode, merged.Errors);
        Assert.HasCount(3, Directory.GetFiles(At("out", "parquet")));
        CollectionAssert.AreEqual(ResultFolder.Of(At("one")), ResultFolder.Of(Output));

        CommandResult again = await ExplainAsync(At("photos"), ["--batch", "4", "--resume", .. options]);
        StringAssert.Contains(again.Output, "23 of 23 images were done before");
    }

    [TestMethod]
    public async Task A_Parquet_file_that_is_damaged_is_named()
    {
        await PartsAsync("--save", "parquet", "--parquet-images", "8");
        File.AppendAllText(Path.Combine(Part(1), "parquet", "part-00001.parquet"), "x");
        await NothingIsMergedAsync("part 1/3: parquet/part-00001.parquet is missing or damaged: run it again with --resume.");
    }

    [TestMethod]
    public async Task A_merged_folder_can_be_resumed_as_a_whole()
    {
        await PartsAsync();
        Assert.AreEqual(0, (await RunAsync("merge", Output)).ExitCode);
        CommandResult again = await ExplainAsync(At("photos"), "--batch", "4", "--resume");
        Assert.AreEqual(0, again.ExitCode, again.Errors);
        StringAssert.Contains(again.Output, "23 of 23 images were done before");
    }

    [TestMethod]
    public async Task Photos_and_tensors_keep_the_order_of_one_run()
    {
        Photos();
        const int size = BrightnessNetwork.Size;
        using var array = new MemoryStream();
        NpyFile.Write(array, [.. Enumerable.Range(0, 3 * size * size).Select(i => i % 61 / 61f)], 3, size, size);
        string tensor = Write("photos/a.npy", array.ToArray());
        File.Copy(tensor, At("photos", "z.npy"));
        await OneRunAsync();
        await ShardsAsync(4);
        Assert.AreEqual(0, (await RunAsync("merge", Output)).ExitCode);
        CollectionAssert.AreEqual(ResultFolder.Of(At("one")), ResultFolder.Of(Output));
    }

    [TestMethod]
    public async Task Images_that_could_not_be_explained_are_named_again()
    {
        Photos();
        Write("photos/broken.png", "no picture");
        await ShardsAsync(2);
        CommandResult merged = await RunAsync("merge", Output);
        Assert.AreEqual(1, merged.ExitCode);
        StringAssert.Contains(merged.Errors, "abscam: broken.png: ");
        Assert.HasCount(24, Results());
    }

    [TestMethod]
    public async Task A_part_that_is_missing_is_named()
    {
        await PartsAsync();
        Directory.Delete(Part(1), recursive: true);
        await NothingIsMergedAsync("part 1/3 is missing: run it.");
        Directory.Delete(Part(2), recursive: true);
        await NothingIsMergedAsync("parts 1/3, 2/3 are missing: run them.");
    }

    [TestMethod]
    public async Task A_part_that_is_not_over_is_named_with_what_it_has()
    {
        await PartsAsync();
        string journal = Path.Combine(Part(2), "explain.journal");
        string[] lines = File.ReadAllLines(journal);
        int rows = lines.Count(line => line.Contains("{\"row\"", StringComparison.Ordinal));
        File.WriteAllLines(journal, lines[..^3]);
        await NothingIsMergedAsync(string.Create(CultureInfo.InvariantCulture, $"part 2/3 has explained {rows - 2} of {rows} images: run it again with --resume."));

        File.Delete(journal);
        await NothingIsMergedAsync("part 2/3 has explained no image yet: run it again with --resume.");
    }

    [TestMethod]
    public async Task A_part_that_was_made_otherwise_is_named_with_what_differs()
    {
        await PartsAsync();
        Directory.Delete(Part(0), recursive: true);
        Assert.AreEqual(0, (await RunAsync("explain", At("photos"), "--model", Write("other.onnx", BrightnessNetwork.Bytes(batch: 1)), "--output", Output, "--batch", "4", "--phase", "initial", "--shard", "0/3", "--mean", "0,0,0", "--std", "1,1,1")).ExitCode);
        await NothingIsMergedAsync("part 0/3 was made with another model");

        Directory.Delete(Part(0), recursive: true);
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--batch", "4", "--target", "1", "--shard", "0/3")).ExitCode);
        await NothingIsMergedAsync("part 0/3 was made with another options, another target than part 1/3: delete ");
    }

    [TestMethod]
    public async Task A_part_that_saw_other_files_is_named()
    {
        await PartsAsync();
        Directory.Delete(Part(1), recursive: true);
        Spot("photos/new.png");
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--batch", "4", "--shard", "1/3")).ExitCode);
        await NothingIsMergedAsync("part 1/3 saw 24 files and part 0/3 23: delete ");
    }

    [TestMethod]
    public async Task An_image_in_two_parts_is_named()
    {
        await PartsAsync();
        Directory.Delete(Part(1), recursive: true);

        // The first photo has become so large that the first cut is behind its batch.
        File.AppendAllText(At("photos", "00.png"), new string('x', 100_000));
        Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--batch", "4", "--shard", "1/3")).ExitCode);
        await NothingIsMergedAsync("Files changed their sizes from one task to the next: run all parts again with --resume.");

        foreach (int index in new[] { 0, 1, 2 })
        {
            Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--batch", "4", "--shard", $"{index}/3", "--resume")).ExitCode);
        }

        Assert.AreEqual(0, (await RunAsync("merge", Output)).ExitCode);
        Assert.HasCount(23, Results());
    }

    [TestMethod]
    public async Task A_file_that_is_damaged_or_gone_is_named()
    {
        await PartsAsync();
        string map = Directory.GetFiles(Path.Combine(Part(1), "maps")).Order(StringComparer.Ordinal).First();
        byte[] bytes = File.ReadAllBytes(map);
        bytes[^1] ^= 1;
        File.WriteAllBytes(map, bytes);
        await NothingIsMergedAsync($"part 1/3: maps/{Path.GetFileName(map)} is missing or damaged: run it again with --resume.");
        File.Delete(map);
        await NothingIsMergedAsync($"part 1/3: maps/{Path.GetFileName(map)} is missing or damaged: run it again with --resume.");
    }

    [TestMethod]
    public async Task Files_that_are_no_results_are_not_taken_away()
    {
        await PartsAsync();
        File.WriteAllText(Path.Combine(Part(1), "notes.txt"), "mine");
        await NothingIsMergedAsync("part 1/3 holds 'notes.txt', which is no result of a run: take it out of");
    }

    [TestMethod]
    public async Task Parts_of_two_divisions_are_told_apart()
    {
        await PartsAsync();
        CommandResult refused = await ExplainAsync(At("photos"), "--batch", "4", "--shard", "0/2");
        Refused(refused, "holds 'part-0000-of-0003', and this is shard 0/2 of another division. To run some of 3 shards anew, give --shard auto/3");

        Directory.CreateDirectory(At("out", "part-0001-of-0002"));
        await NothingIsMergedAsync("there are parts of different divisions, such as 'part-0001-of-0002' and 'part-0002-of-0003'");
    }

    [TestMethod]
    public async Task A_folder_without_parts_is_named()
    {
        Refused(await RunAsync("merge", At("nowhere")), "holds no parts: it has no folder such as 'part-0000-of-0008'.");
        Directory.CreateDirectory(Output);
        Refused(await RunAsync("merge", Output), "holds no parts");
    }

    [TestMethod]
    public async Task Another_run_that_is_not_over_is_not_lost()
    {
        await PartsAsync();
        Assert.AreEqual(0, (await ExplainAsync(At("photos", "00.png"), "--target", "1")).ExitCode);
        string journal = At("out", "explain.journal");
        File.WriteAllLines(journal, File.ReadAllLines(journal)[..^1]);
        Refused(await RunAsync("merge", Output), "holds another run beside its parts, and it is not over: 1 images are done.");
    }
}
