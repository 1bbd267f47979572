using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>Who explains rows again and again without knowing it is told, and how not to.</summary>
[TestClass]
public sealed class SecondPassTests
{
    private const int Count = 10;

    private readonly MLContext _context = new(seed: 1);
    private readonly RunLog _log;

    public SecondPassTests() => _log = new RunLog(_context);

    [TestMethod]
    public void A_trainer_that_reads_rows_many_times_is_told_of_once()
    {
        using var module = new TinyModule();
        Estimator(module).Append(_context.Clustering.Trainers.KMeans(Explained.Map, numberOfClusters: 2)).Fit(TinyNetwork.View(_context, Count));
        Assert.IsGreaterThan(3 * Count, Images(module));
        string said = Tellings().Single();
        StringAssert.Contains(said, "every pass explains every row anew");
        StringAssert.Contains(said, "AppendCacheCheckpoint(mlContext)");
    }

    [TestMethod]
    public void Behind_a_cache_checkpoint_each_row_is_explained_once_and_nothing_is_said()
    {
        using var module = new TinyModule();
        new EstimatorChain<AbsCamTransformer>().Append(Estimator(module)).AppendCacheCheckpoint(_context)
            .Append(_context.Clustering.Trainers.KMeans(Explained.Map, numberOfClusters: 2)).Fit(TinyNetwork.View(_context, Count));
        Assert.AreEqual(Count, Images(module));
        Assert.IsEmpty(Tellings());
    }

    [TestMethod]
    public void Passes_that_make_no_map_are_not_counted()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Columns = new() { Scores = "Scores" } });
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 2));
        explained.Maps("Scores");
        explained.Maps("Scores");
        explained.Maps();
        Assert.IsEmpty(Tellings());
        explained.Maps();
        Assert.HasCount(1, Tellings());
    }

    private AbsCamEstimator Estimator(TinyModule module) => _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), module.Open(), new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial });

    /// <summary>How many images went through in batches; the module is tried with made-up ones, each by itself.</summary>
    private static long Images(TinyModule module) => module.Passes.Where(images => images > 1).Sum();

    private string[] Tellings() => [.. _log.Warnings.Where(warning => warning.Contains("a second time", StringComparison.Ordinal))];
}
