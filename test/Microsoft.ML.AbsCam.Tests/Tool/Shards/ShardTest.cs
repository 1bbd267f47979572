using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.ML.AbsCam.Tests.Imaging;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>Photos that are explained in shards.</summary>
public abstract class ShardTest : CommandTest
{
    private const int Count = 23;

    // What many tests begin with, by what it was made with: the first of them makes it, and the others get its files.
    private static readonly ConcurrentDictionary<string, (string Name, byte[] Content)[]> Made = new();

    /// <summary>Discs in different places, so that no two maps are alike.</summary>
    protected void Photos()
    {
        for (int i = 0; i < Count; i++)
        {
            string path = Write($"photos/{i:00}.png", ImageBytes.Encode(96, 96, SpotAt(20 + (2 * i), 60 - i), SKEncodedImageFormat.Png));

            // Parts that another test made know photos by the time of their last change.
            File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }
    }

    protected async Task ShardsAsync(int count, params string[] options)
    {
        for (int index = 0; index < count; index++)
        {
            CommandResult result = await ExplainAsync(At("photos"), ["--batch", "4", "--shard", string.Create(CultureInfo.InvariantCulture, $"{index}/{count}"), .. options]);
            Assert.IsInRange(0, 1, result.ExitCode, result.Errors);
        }
    }

    /// <summary>The photos of <see cref="Photos"/> by one worker, into a folder of its own.</summary>
    protected Task WholeAsync(params string[] options) => PreparedAsync("one", options, () => OneRunAsync(options));

    /// <summary>The same by one worker, into a folder of its own.</summary>
    protected async Task OneRunAsync(params string[] options)
    {
        CommandResult result = await RunAsync(["explain", At("photos"), "--model", Model(), "--output", At("one"), "--phase", "initial", "--batch", "4", .. BrightnessNetwork.Options, .. options]);
        Assert.AreEqual(0, result.ExitCode, result.Errors);
    }

    /// <summary>Three parts of the photos, all whole.</summary>
    protected Task PartsAsync(params string[] options)
    {
        Photos();
        return PreparedAsync("out", options, () => ShardsAsync(3, options));
    }

    protected string Part(int index) => At("out", string.Create(CultureInfo.InvariantCulture, $"part-{index:0000}-of-0003"));

    protected async Task NothingIsMergedAsync(string because)
    {
        string[] before = Names();
        CommandResult result = await RunAsync("merge", Output);
        Refused(result, because);
        StringAssert.Contains(result.Errors, "was merged.");
        CollectionAssert.AreEqual(before, Names());
    }

    private async Task PreparedAsync(string folder, string[] options, Func<Task> makeAsync)
    {
        string key = string.Join(' ', [folder, .. options]);
        if (Made.TryGetValue(key, out (string Name, byte[] Content)[]? files))
        {
            Array.ForEach(files, file => Write(file.Name, file.Content));
            return;
        }

        await makeAsync();
        Made[key] = [.. Directory.GetFiles(At(folder), "*", SearchOption.AllDirectories).Select(path => (Path.GetRelativePath(Folder, path), File.ReadAllBytes(path)))];
    }

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(Output, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
