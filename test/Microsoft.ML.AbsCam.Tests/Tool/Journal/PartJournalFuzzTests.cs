using System.Globalization;

namespace Microsoft.ML.AbsCam.Tests.Tool.Journal;

/// <summary>Journals of parts are damaged at random: merging gives what one run would have made, or moves nothing.</summary>
[TestClass]
public class PartJournalFuzzTests : CommandTest
{
    private const int Parts = 2;

    [TestMethod]
    public async Task A_merge_of_damaged_parts_gives_the_undisturbed_result_or_moves_nothing()
    {
        for (int i = 0; i < 5; i++)
        {
            Spot(string.Create(CultureInfo.InvariantCulture, $"photos/{i}.png"), x: 15 + (9 * i), y: 70 - (6 * i));
        }

        for (int part = 0; part < Parts; part++)
        {
            Assert.AreEqual(0, (await ExplainAsync(At("photos"), "--batch", "2", "--save", "npy", "--shard", string.Create(CultureInfo.InvariantCulture, $"{part}/{Parts}"))).ExitCode);
        }

        Dictionary<string, byte[]> parts = Directory.GetFiles(Output, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        string[] journals = [.. parts.Keys.Where(path => path.EndsWith(".journal", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.AreEqual(0, (await RunAsync("merge", Output)).ExitCode);
        string[] undisturbed = ResultFolder.Of(Output);

        var random = new Random(4);
        int merged = 0;
        for (int i = 0; i < JournalFuzzTests.Runs; i++)
        {
            Directory.Delete(Output, recursive: true);
            foreach ((string path, byte[] bytes) in parts)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, bytes);
            }

            string journal = journals[random.Next(Parts)];
            (string kind, byte[] damaged) = JournalDamage.Draw(parts[journal], random);
            File.WriteAllBytes(journal, damaged);
            CommandResult result = await RunAsync("merge", Output);
            if (result.ExitCode == 0)
            {
                merged++;
                CollectionAssert.AreEqual(undisturbed, ResultFolder.Of(Output), $"{kind}, number {i}");
            }
            else
            {
                Refused(result, "was merged.");
                CollectionAssert.AreEquivalent(parts.Keys.ToArray(), Directory.GetFiles(Output, "*", SearchOption.AllDirectories), $"{kind}, number {i}");
            }
        }

        Assert.IsLessThan(JournalFuzzTests.Runs / 4, merged, "hardly any damage leaves a journal as it was");
    }
}
