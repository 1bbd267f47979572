using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.AbsCam.Tests.Networks.Weights;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Tool.Runs;

/// <summary>Places, times and machines that no run likes.</summary>
[TestClass]
public class HostileRunTests : CommandTest
{
    [TestMethod]
    public async Task The_photos_may_lie_inside_the_output_folder()
    {
        Spot("out/photos/a.png");
        Assert.AreEqual(0, (await ExplainAsync(At("out", "photos"))).ExitCode);
        CommandResult again = await ExplainAsync(At("out", "photos"), "--resume");
        StringAssert.Contains(again.Output, "1 of 1 images were done before");
    }

    [TestMethod]
    public async Task The_output_folder_may_lie_inside_the_photos_and_earlier_results_are_no_photos()
    {
        Spot("photos/a.png");
        string[] explain = ["explain", At("photos"), "--model", Model(), "--phase", "initial", .. BrightnessNetwork.Options, "--output"];
        Assert.AreEqual(0, (await RunAsync([.. explain, At("photos", "one")])).ExitCode);
        CommandResult again = await RunAsync([.. explain, At("photos", "one"), "--resume"]);
        StringAssert.Contains(again.Output, "1 of 1 images were done before");
        CommandResult other = await RunAsync([.. explain, At("photos", "two")]);
        Assert.AreEqual(0, other.ExitCode, other.Errors);
        StringAssert.Contains(other.Output, "explained 1 of 1 images");
    }

    [TestMethod]
    public async Task A_clock_that_jumps_moves_nothing()
    {
        Spot("photos/a.png");
        Spot("photos/b.png");
        File.SetLastWriteTimeUtc(At("photos", "a.png"), new DateTime(2140, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(At("photos", "b.png"), new DateTime(1971, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.AreEqual(0, (await ExplainAsync(At("photos"))).ExitCode);
        string[] before = ResultFolder.Of(Output);
        foreach ((int place, string path) in Directory.GetFiles(Output, "*", SearchOption.AllDirectories).Index())
        {
            File.SetLastWriteTimeUtc(path, new DateTime(place % 2 == 0 ? 1980 : 2130, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        CommandResult again = await ExplainAsync(At("photos"), "--resume");
        StringAssert.Contains(again.Output, "2 of 2 images were done before");
        CollectionAssert.AreEqual(before, ResultFolder.Of(Output));
    }

    [TestMethod]
    [Timeout(120_000, CooperativeCancellation = true)]
    public async Task Thousands_of_files_are_listed_and_a_worker_takes_its_share()
    {
        int count = Sweep.Of(10_000, 50_000);
        int shards = count / 5;
        for (int folder = 0; folder < 50; folder++)
        {
            Directory.CreateDirectory(At("photos", $"{folder:00}"));
            for (int i = 0; i < count / 50; i++)
            {
                File.Create(At("photos", $"{folder:00}", $"{i:0000}.png")).Dispose();
            }
        }

        // No bytes are no picture, which takes least time.
        CommandResult result = await ExplainAsync(At("photos"), "--batch", "4", "--save", "npy", "--shard", string.Create(CultureInfo.InvariantCulture, $"7/{shards}"));
        Assert.AreEqual(1, result.ExitCode, result.Errors);
        StringAssert.Contains(result.Output, "explained 0 of 4 images");
        Assert.HasCount(4, File.ReadAllLines(At("out", string.Create(CultureInfo.InvariantCulture, $"part-0007-of-{shards}"), "results.csv"))[1..]);
    }

    [TestMethod]
    public async Task Eight_threads_under_a_collector_without_rest_come_to_what_one_comes_to()
    {
        for (int i = 0; i < 12; i++)
        {
            Spot(string.Create(CultureInfo.InvariantCulture, $"photos/{i:00}.png"), x: 15 + (2 * i), y: 80 - i);
        }

        string[] one = await ResultsOfAsync("one", ("DOTNET_PROCESSOR_COUNT", "1"));
        string[] eight = await ResultsOfAsync("eight", ("DOTNET_PROCESSOR_COUNT", "8"), ("DOTNET_GCgen0size", "0x100000"));
        CollectionAssert.AreEqual(one, eight);
    }

    [TestMethod]
    public async Task TorchScript_under_an_ONNX_name_is_named_for_what_it_is()
    {
        byte[] script = TorchFile.Zip(CompressionLevel.NoCompression, [("m/data.pkl", [0x80, 2, (byte)'N', (byte)'.']), ("m/constants.pkl", [0x80, 2, (byte)')', (byte)'.']), ("m/code/__torch__.py", [10])]);
        Refused(await RunAsync("explain", Spot("a.png"), "--model", Write("network.onnx", script), "--output", Output), "TorchScript");
        Assert.IsFalse(Directory.Exists(Output));
    }

    private async Task<string[]> ResultsOfAsync(string folder, params (string Name, string Value)[] environment)
    {
        string[] explain = [Path.Combine(AppContext.BaseDirectory, "abscam.dll"), "explain", At("photos"), "--model", Model(), "--output", At(folder), "--batch", "2", "--save", "npy,overlay,report,parquet", .. BrightnessNetwork.Options];
        var start = new ProcessStartInfo("dotnet", explain) { RedirectStandardError = true, RedirectStandardOutput = true };

        // The networks' own threads add in another order where they are more.
        foreach ((string name, string value) in environment.Append(("OMP_NUM_THREADS", "1")))
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        _ = await output;
        Assert.AreEqual(0, process.ExitCode, errors);
        return ResultFolder.Of(At(folder));
    }
}
