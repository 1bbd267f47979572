using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>Disposal while others run: they are told so, and nothing worse happens.</summary>
[TestClass]
public sealed class DisposedMeanwhileTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(NetworkEngine.OnnxRuntime, true)]
    [DataRow(NetworkEngine.OnnxRuntime, false)]
    [DataRow(NetworkEngine.TorchSharp, true)]
    [DataRow(NetworkEngine.TorchSharp, false)]
    [Timeout(120_000)]
    public void Readers_of_a_network_that_is_disposed_meanwhile_get_ObjectDisposedException(NetworkEngine engine, bool byTransformer)
    {
        using var file = new TemporaryFile(".onnx");
        File.WriteAllBytes(file.Path, TinyNetwork.Rectified.ToOnnx());
        IDataView view = TinyNetwork.View(_context, 8);
        AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, "Input", file.Path, new AbsCamOptions { Engine = engine, BatchSize = 2 }).Fit(view);
        CheckReaders(transformer, view, byTransformer ? transformer : transformer.Network);
        transformer.Dispose();
    }

    [TestMethod]
    [Timeout(120_000)]
    public void Readers_of_a_module_whose_network_is_disposed_meanwhile_get_ObjectDisposedException()
    {
        using var module = new TinyModule();
        module.train();
        ImageNetwork network = module.Open();
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 2 }, network);
        CheckReaders(transformer, TinyNetwork.View(_context, 8), network);
        Assert.IsTrue(module.training);
        Assert.IsTrue(module.parameters().All(parameter => parameter.requires_grad));
    }

    [TestMethod]
    [Timeout(120_000)]
    public void Prediction_engines_whose_transformer_is_disposed_meanwhile_throw_ObjectDisposedException()
    {
        AbsCamTransformer transformer = Explained.Transformer(_context);
        VectorRow[] rows = TinyNetwork.Rows(4);
        using var reading = new CountdownEvent(AtOnce.Threads);
        Exception?[] thrown = AtOnce.Run(thread =>
        {
            if (thread == AtOnce.Threads)
            {
                reading.Wait();
                transformer.Dispose();
                return;
            }

            using PredictionEngine<VectorRow, VectorPrediction> engine = _context.Model.CreatePredictionEngine<VectorRow, VectorPrediction>(
                transformer, new PredictionEngineOptions { OwnsTransformer = false, InputSchemaDefinition = VectorRow.Schema(3, TinyNetwork.Side, TinyNetwork.Side) });
            for (int i = 0; ; i++)
            {
                Explained.IsMapOf(i % rows.Length, engine.Predict(rows[i % rows.Length]).Saliency);
                if (i == 1)
                {
                    reading.Signal();
                }
            }
        }, AtOnce.Threads + 1);
        AllDisposed(thrown);
    }

    [TestMethod]
    public void A_disposed_network_is_not_read_again()
    {
        ImageNetwork network = TinyNetwork.Rectified.Open();
        network.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => network.ScoreEvidence);
        Assert.ThrowsExactly<ObjectDisposedException>(() => network.Remark);
        Assert.ThrowsExactly<ObjectDisposedException>(() => network.Layers);
        Assert.ThrowsExactly<ObjectDisposedException>(() => network.Shape);
        Assert.ThrowsExactly<ObjectDisposedException>(() => network.Save(new BinaryWriter(Stream.Null)));
        Assert.IsFalse(network.IsLoaded);
    }

    /// <summary>Threads that read again and again until they are stopped; the last one does so as soon as all have read once.</summary>
    private static void CheckReaders(AbsCamTransformer transformer, IDataView view, IDisposable stopped)
    {
        using var reading = new CountdownEvent(AtOnce.Threads);
        AllDisposed(AtOnce.Run(thread =>
        {
            if (thread == AtOnce.Threads)
            {
                reading.Wait();
                stopped.Dispose();
                return;
            }

            for (bool first = true; ; first = false)
            {
                Explained.AreMapsOf(Enumerable.Range(0, 8), transformer.Transform(view).Maps());
                if (first)
                {
                    reading.Signal();
                }
            }
        }, AtOnce.Threads + 1));
    }

    private static void AllDisposed(Exception?[] thrown)
    {
        Assert.IsNull(thrown[^1]);
        foreach (Exception? reader in thrown[..^1])
        {
            Assert.IsInstanceOfType<ObjectDisposedException>(reader, reader?.ToString());
        }
    }
}
