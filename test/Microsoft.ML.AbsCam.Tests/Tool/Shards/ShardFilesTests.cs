using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.AbsCam.Tool.Shards;

namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>The files that a shard takes of those that a command line stands for.</summary>
[TestClass]
public class ShardFilesTests
{
    private static readonly int[] TwoOfEight = [0, 0, 1, 0, 0, 0, 1, 0];
    private static readonly long[] SecondIsGone = [4, 0, 4];
    private static readonly long[] DeadAndLive = [0, 5000];
    [TestMethod]
    public void Shards_in_order_are_the_whole_list_whatever_order_the_files_were_made_in()
    {
        var dice = new Random(3);
        (string Name, int Bytes)[] files = [.. Enumerable.Range(0, 60).Select(i => ($"{i % 7}/photo{i}.png", dice.Next(0, 3000)))];
        string[][]? first = null;
        for (int round = 0; round < 3; round++)
        {
            using var folder = new TemporaryFolder();
            dice.Shuffle(files);
            foreach ((string name, int bytes) in files)
            {
                folder.Write(name, new string('x', bytes));
            }

            IReadOnlyList<InputFile> all = InputFiles.Find([folder.Path], "elsewhere");
            string[][] shards = [.. Enumerable.Range(0, 5).Select(i => Names(all, i, 5, batch: 4))];
            CollectionAssert.AreEqual(all.Select(file => file.Name).ToArray(), shards.SelectMany(names => names).ToArray());
            Assert.IsTrue(shards.All(names => names.Length > 0));
            first ??= shards;
            for (int i = 0; i < shards.Length; i++)
            {
                CollectionAssert.AreEqual(first[i], shards[i]);
            }
        }
    }

    [TestMethod]
    public void Bytes_are_shared_and_not_files()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.png", new string('x', 9000));
        for (int i = 0; i < 9; i++)
        {
            folder.Write($"b{i}.png", new string('x', 1000));
        }

        IReadOnlyList<InputFile> all = InputFiles.Find([folder.Path], "elsewhere");
        Assert.HasCount(1, Names(all, 0, 2));
        Assert.HasCount(9, Names(all, 1, 2));
    }

    [TestMethod]
    public void More_shards_than_files_leave_some_empty()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.png", "x");
        folder.Write("b.png", "x");
        IReadOnlyList<InputFile> all = InputFiles.Find([folder.Path], "elsewhere");
        int[] counts = [.. Enumerable.Range(0, 8).Select(i => Names(all, i, 8).Length)];
        CollectionAssert.AreEqual(TwoOfEight, counts);
    }

    [TestMethod]
    public void A_file_that_is_gone_counts_no_bytes_and_stays_in_a_shard()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.png", "xxxx");
        string gone = folder.Write("b.png", "xxxx");
        folder.Write("c.png", "xxxx");
        IReadOnlyList<InputFile> all = InputFiles.Find([folder.Path], "elsewhere");
        File.Delete(gone);
        CollectionAssert.AreEqual(SecondIsGone, FileSizes.Of(all));
        Assert.AreEqual("a.png b.png c.png", string.Join(' ', Enumerable.Range(0, 2).SelectMany(i => Names(all, i, 2))));
    }

    [TestMethod]
    public void A_link_counts_as_much_as_what_it_leads_to()
    {
        using var folder = new TemporaryFolder();
        string photo = folder.Write("store/photo", new string('x', 5000));
        try
        {
            File.CreateSymbolicLink(Path.Combine(folder.Path, "link.png"), photo);
            File.CreateSymbolicLink(Path.Combine(folder.Path, "dead.png"), Path.Combine(folder.Path, "nothing"));
        }
        catch (IOException)
        {
            Assert.Inconclusive("needs the right to make symbolic links");
        }

        long[] sizes = FileSizes.Of(InputFiles.Find([folder.Path], "elsewhere"));
        CollectionAssert.AreEqual(DeadAndLive, sizes);
    }

    [TestMethod]
    public void Shards_keep_to_the_batches_of_the_whole_and_know_their_places()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 13; i++)
        {
            folder.Write($"{i:00}.png", new string('x', 100));
            folder.Write($"{i:00}.npy", new string('x', 100));
        }

        RunPlan whole = RunPlan.Of(InputFiles.Find([folder.Path], "elsewhere"), 4);
        RunPlan[] parts = [.. Enumerable.Range(0, 3).Select(i => new Shard(i, 3).Take(whole))];
        CollectionAssert.AreEqual(whole.Batches.ToArray(), parts.SelectMany(part => part.Batches).ToArray());
        Assert.AreEqual(26, parts.Sum(part => part.Count));
        Assert.IsTrue(parts.All(part => part.Listing == whole.Listing && part.Listed == 26));
        CollectionAssert.AreEqual(Enumerable.Range(0, 26).ToArray(), parts.SelectMany(part => part.Files).Select(file => file.Place).ToArray());
        Assert.IsTrue(parts.All(part => part.First == part.Files.First().Place));
    }

    private static string[] Names(IReadOnlyList<InputFile> all, int index, int count, int batch = 1)
        => [.. new Shard(index, count).Take(RunPlan.Of(all, batch)).Files.Select(file => file.Name)];
}
