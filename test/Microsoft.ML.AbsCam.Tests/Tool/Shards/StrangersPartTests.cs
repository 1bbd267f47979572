using System.Text;
using Microsoft.ML.AbsCam.Tool.Journal;

namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>A part may come from a stranger, with good seals: merging moves nothing that is not below it.</summary>
[TestClass]
public class StrangersPartTests : ShardTest
{
    [TestMethod]
    [DataRow("../../precious.txt")]
    [DataRow("/tmp/precious.txt")]
    [DataRow("maps/../../../precious.txt")]
    [DataRow("explain.journal/x")]
    [DataRow("index.html")]
    public async Task A_name_that_is_not_below_the_part_is_refused(string name)
    {
        await PartsAsync("--save", "npy");
        Write("precious.txt", "mine");
        string journal = Path.Combine(Part(1), "explain.journal");
        string[] texts = [.. File.ReadLines(journal).Select(line => SealedLine.Open(Encoding.UTF8.GetBytes(line))!.Value.Text)];
        File.Delete(journal);
        using (var file = new JournalFile(journal))
        {
            foreach (string text in texts)
            {
                file.Append(text.Replace("\"maps/08.npy\"", $"\"{name}\"", StringComparison.Ordinal));
            }
        }

        await NothingIsMergedAsync("does not say what a line has to: run it again with --resume.");
        Assert.IsTrue(File.Exists(At("precious.txt")));
    }

    [TestMethod]
    public async Task A_folder_that_is_a_link_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("needs links");
        }

        await PartsAsync("--save", "npy");
        Directory.Move(Path.Combine(Part(1), "maps"), At("elsewhere"));
        Directory.CreateSymbolicLink(Path.Combine(Part(1), "maps"), At("elsewhere"));
        await NothingIsMergedAsync("part 1/3: its folder 'maps' is a link");
        Assert.IsNotEmpty(Directory.GetFiles(At("elsewhere")));
    }
}
