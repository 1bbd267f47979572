using Microsoft.ML.AbsCam.Tool;
using Microsoft.ML.AbsCam.Tool.Shards;

namespace Microsoft.ML.AbsCam.Tests.Tool.Shards;

/// <summary>What --shard says, alone and in the environments that schedulers make.</summary>
[TestClass]
public class ShardOptionTests
{
    private const string Slurm = "SLURM_ARRAY_TASK_ID";

    [TestMethod]
    [DataRow("0/8", 0, 8)]
    [DataRow("7/8", 7, 8)]
    [DataRow("0/1", 0, 1)]
    [DataRow("003/0010", 3, 10)]
    public void An_index_and_a_count_are_taken_as_they_are_whatever_a_scheduler_says(string text, int index, int count)
    {
        Assert.AreEqual(new Shard(index, count), Parse(text));
        Assert.AreEqual(new Shard(index, count), Parse(text, "SLURM_ARRAY_TASK_ID=5 JOB_COMPLETION_INDEX=x ABSCAM_SHARD_COUNT=99"));
    }

    [TestMethod]
    [DataRow("auto", "SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=7 SLURM_ARRAY_TASK_STEP=1", 3, 8, DisplayName = "--array=0-7")]
    [DataRow("auto", "SLURM_ARRAY_TASK_ID=8 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=8 SLURM_ARRAY_TASK_STEP=1", 7, 8, DisplayName = "--array=1-8")]
    [DataRow("auto", "SLURM_ARRAY_TASK_ID=6 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=2 SLURM_ARRAY_TASK_MAX=6 SLURM_ARRAY_TASK_STEP=2", 2, 3, DisplayName = "--array=2-6:2")]
    [DataRow("auto", "SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=0 SLURM_ARRAY_TASK_STEP=1", 0, 1, DisplayName = "--array=0")]
    [DataRow("auto/8", "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=5 SLURM_ARRAY_TASK_STEP=1", 5, 8, DisplayName = "--array=3,5, two of eight anew")]
    [DataRow("auto", "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=1 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_TASK_MAX=5 ABSCAM_SHARD_COUNT=8", 5, 8, DisplayName = "--array=5, one of eight anew")]
    [DataRow("auto/8", "SLURM_ARRAY_TASK_ID=5", 5, 8)]
    [DataRow("auto/4", "JOB_COMPLETION_INDEX=3", 3, 4)]
    [DataRow("auto", "JOB_COMPLETION_INDEX=3 ABSCAM_SHARD_COUNT=4", 3, 4)]
    [DataRow("auto/4", "JOB_COMPLETION_INDEX=3 ABSCAM_SHARD_COUNT=64", 3, 4)]
    [DataRow("auto", "AWS_BATCH_JOB_ARRAY_INDEX=9 AWS_BATCH_JOB_ARRAY_SIZE=10", 9, 10)]
    [DataRow("auto/10", "AWS_BATCH_JOB_ARRAY_INDEX=9", 9, 10)]
    [DataRow("auto/10", "AZ_BATCH_TASK_ID=0", 0, 10)]
    [DataRow("auto", "AZ_BATCH_TASK_ID=7 ABSCAM_SHARD_COUNT=10", 7, 10)]
    [DataRow("auto/10", "AZ_BATCH_TASK_ID=7 SLURM_ARRAY_TASK_ID= JOB_COMPLETION_INDEX=", 7, 10, DisplayName = "empty is as good as absent")]
    public void A_schedulers_array_gives_index_and_count(string text, string environment, int index, int count)
        => Assert.AreEqual(new Shard(index, count), Parse(text, environment));

    [TestMethod]
    public void The_tasks_of_an_array_are_its_shards_whatever_their_ids()
    {
        foreach ((int first, int step, int count) in new[] { (0, 1, 5), (1, 1, 5), (10, 3, 4), (0, 7, 2), (5, 1, 1) })
        {
            int last = first + (step * (count - 1));
            var indices = Enumerable.Range(0, count).Select(i => Parse("auto", $"{Slurm}={first + (step * i)} SLURM_ARRAY_TASK_COUNT={count} SLURM_ARRAY_TASK_MIN={first} SLURM_ARRAY_TASK_MAX={last}"));
            CollectionAssert.AreEqual(Enumerable.Range(0, count).Select(i => new Shard(i, count)).ToArray(), indices.ToArray());
        }
    }

    [TestMethod]
    [DataRow("8/8", "", "--shard 8/8: shards count from 0, so of 8 the last is 7, and 8 is asked for.")]
    [DataRow("8", "", "--shard 8: INDEX/COUNT is expected, such as 0/8 for the first of eight shards, or 'auto'")]
    [DataRow("", "", "--shard : INDEX/COUNT is expected")]
    [DataRow("-1/8", "", "--shard -1/8: INDEX/COUNT is expected")]
    [DataRow("1/2/3", "", "--shard 1/2/3: INDEX/COUNT is expected")]
    [DataRow("a/8", "", "--shard a/8: INDEX/COUNT is expected")]
    [DataRow("Auto", "", "--shard Auto: INDEX/COUNT is expected")]
    [DataRow("0/0", "", "--shard 0/0: behind the stroke, the number of shards is expected, 1 to 1000000.")]
    [DataRow("0/1000001", "", "--shard 0/1000001: behind the stroke, the number of shards is expected")]
    [DataRow("auto/", "", "--shard auto/: behind the stroke, the number of shards is expected")]
    [DataRow("auto", "ABSCAM_SHARD_COUNT=many JOB_COMPLETION_INDEX=0", "ABSCAM_SHARD_COUNT=many: there, the number of shards is expected, 1 to 1000000.")]
    [DataRow("auto", "", "--shard auto: no scheduler says which task this is; none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX, AZ_BATCH_TASK_ID is set. Give --shard INDEX/COUNT")]
    [DataRow("auto/8", "JOB_COMPLETION_INDEX=1 SLURM_ARRAY_TASK_ID=2", "--shard auto: more than one scheduler says which task this is; SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX are set")]
    [DataRow("auto", "JOB_COMPLETION_INDEX=3", "--shard auto: JOB_COMPLETION_INDEX is 3, and the environment does not tell of how many shards. Give --shard auto/COUNT, or set ABSCAM_SHARD_COUNT. The count is the Job's .spec.completions.")]
    [DataRow("auto", "AZ_BATCH_TASK_ID=3", "--shard auto: AZ_BATCH_TASK_ID is 3, and the environment does not tell")]
    [DataRow("auto/8", "AZ_BATCH_TASK_ID=render-3", "--shard auto: AZ_BATCH_TASK_ID is 'render-3', and a whole number from 0 on is expected. Give --shard INDEX/COUNT")]
    [DataRow("auto", "AWS_BATCH_JOB_ARRAY_INDEX=3", "--shard auto: AWS_BATCH_JOB_ARRAY_INDEX is 3, and the environment does not tell")]
    [DataRow("auto/8", "SLURM_ARRAY_TASK_ID=8 SLURM_ARRAY_TASK_COUNT=8 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=8", "--shard auto/8: shards count from 0, so of 8 the last is 7, and 8 is asked for. SLURM_ARRAY_TASK_ID is 8. Submit with --array=0-LAST")]
    [DataRow("auto", "SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=5 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=9", "--shard auto: SLURM_ARRAY_TASK_ID is 5, and the environment does not tell of how many shards", DisplayName = "--array=0,2,4,5,9")]
    [DataRow("auto", "SLURM_ARRAY_TASK_ID=5", "--shard auto: SLURM_ARRAY_TASK_ID is 5, and the environment does not tell of how many shards")]
    public void What_cannot_be_a_shard_is_refused_with_what_to_do(string text, string environment, string message)
        => StringAssert.StartsWith(Assert.ThrowsExactly<UsageException>(() => Parse(text, environment)).Message, message);

    [TestMethod]
    [DataRow(3, 8, "part-0003-of-0008")]
    [DataRow(0, 1, "part-0000-of-0001")]
    [DataRow(9999, 10000, "part-9999-of-10000")]
    [DataRow(7, 10001, "part-00007-of-10001")]
    public void Folders_sort_as_their_shards_do(int index, int count, string name) => Assert.AreEqual(name, new Shard(index, count).FolderName);

    private static Shard Parse(string text, string environment = "")
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return ShardOption.Parse(text, variables.GetValueOrDefault);
    }
}
