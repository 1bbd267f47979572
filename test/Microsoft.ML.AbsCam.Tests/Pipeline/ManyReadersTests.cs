using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>
/// Eight threads beside one: the same numbers to the bit. Passes take turns and a batch is the same batch, so each pass does what it
/// did alone; both engines split an operator's outputs among their threads, and never a sum.
/// </summary>
[TestClass]
public sealed class ManyReadersTests
{
    private const int RowsEach = 3;
    private static readonly Lazy<float[][]> Scenes = new(() => [.. DemoScenes.HeldOut(4).Select(Tensorized)]);
    private readonly MLContext _context = new(seed: 1);

    /// <summary>What is asked of one network at the same time.</summary>
    private static AbsCamOptions[] Asked =>
    [
        new() { Method = SaliencyMethod.AbsCamInitial, BatchSize = 2 },
        new() { BatchSize = 2 },
        new() { BatchSize = 3, Engine = NetworkEngine.TorchSharp },
        new() { Method = SaliencyMethod.ScoreCam, BatchSize = 1 },
        new() { Method = SaliencyMethod.GradCam, BatchSize = 3, Engine = NetworkEngine.TorchSharp, Columns = new() { Scores = "Scores" } },
    ];

    [TestMethod]
    [DataRow(NetworkEngine.OnnxRuntime, "abs-cam-initial")]
    [DataRow(NetworkEngine.OnnxRuntime, "abs-cam")]
    [DataRow(NetworkEngine.TorchSharp, "abs-cam-initial")]
    [DataRow(NetworkEngine.TorchSharp, "abs-cam")]
    public void Pipelines_over_one_transformer_read_at_once_give_what_one_thread_gave(NetworkEngine engine, string method)
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        CheckPipelines(network, new AbsCamOptions { Engine = engine, Method = SaliencyMethod.Parse(method), BatchSize = 2, Columns = new() { Scores = "Scores" }, Tolerance = 0 });
    }

    [TestMethod]
    [DataRow("abs-cam-initial")]
    [DataRow("abs-cam")]
    public void Pipelines_over_a_module_read_at_once_give_what_one_thread_gave(string method)
    {
        using var module = new TinyModule(inPlace: true);
        module.train();
        using ImageNetwork network = module.Open("conv");
        CheckPipelines(network, new AbsCamOptions { Method = SaliencyMethod.Parse(method), BatchSize = 2, Columns = new() { Scores = "Scores" } });
        Assert.IsTrue(module.training);
    }

    [TestMethod]
    [DataRow(NetworkEngine.OnnxRuntime, "abs-cam-initial")]
    [DataRow(NetworkEngine.OnnxRuntime, "abs-cam")]
    [DataRow(NetworkEngine.TorchSharp, "abs-cam-initial")]
    [DataRow(NetworkEngine.TorchSharp, "abs-cam")]
    public void Prediction_engines_over_one_transformer_give_what_one_gave(NetworkEngine engine, string method)
    {
        // The demo's network has operators large enough for the engines to spread over threads.
        using ImageNetwork network = ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx());
        IDataView data = VectorRow.View(_context, [], 3, DemoNetwork.InputSize, DemoNetwork.InputSize);
        using AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, new AbsCamOptions { Engine = engine, Method = SaliencyMethod.Parse(method), Tolerance = 0.3 }).Fit(data);
        using PredictionEngine<VectorRow, ScenePrediction> alone = Engine(transformer);
        float[][] expected = [.. Scenes.Value.Select(scene => alone.Predict(new VectorRow { Input = scene }).Saliency)];
        AtOnce.Check(thread =>
        {
            using PredictionEngine<VectorRow, ScenePrediction> own = Engine(transformer);
            for (int i = 0; i < 2; i++)
            {
                int scene = (thread + i) % expected.Length;
                CollectionAssert.AreEqual(expected[scene], own.Predict(new VectorRow { Input = Scenes.Value[scene] }).Saliency);
            }
        });

        // The engines are gone, and none of them took the transformer along.
        CollectionAssert.AreEqual(expected[0], alone.Predict(new VectorRow { Input = Scenes.Value[0] }).Saliency);
    }

    [TestMethod]
    public void Transformers_over_one_network_give_what_each_gave_alone()
    {
        IDataView view = TinyNetwork.View(_context, 5);
        float[][][] expected = [.. Asked.Select(options =>
        {
            using ImageNetwork own = TinyNetwork.Rectified.Open();
            using AbsCamTransformer transformer = Explained.Transformer(_context, options, own);
            return transformer.Transform(view).Maps();
        })];
        using ImageNetwork network = TinyNetwork.Rectified.Open();

        // Nobody has used the network before: reading it, and opening ONNX Runtime, is part of the race.
        AbsCamTransformer[] transformers = [.. Asked.Select(options => Explained.Transformer(_context, options, network))];
        AtOnce.Check(thread =>
        {
            int which = thread % transformers.Length;
            for (int i = 0; i < 3; i++)
            {
                AreSame(expected[which], transformers[which].Transform(view).Maps());
            }
        });
        Array.ForEach(transformers, transformer => transformer.Dispose());
    }

    [TestMethod]
    public void Transformers_that_explain_different_layers_of_one_network_may_run_at_once()
    {
        // Another layer's values become outputs of the session too, and operators that were fused are then computed apart: last bits differ.
        string[] layers = ["before", TinyNetwork.Layer];
        IDataView view = TinyNetwork.View(_context, 4);
        float[][][] expected = [.. layers.Select(layer =>
        {
            using ImageNetwork own = TinyNetwork.Rectified.Open();
            using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Layers = layer is null ? null : [layer] }, own);
            return transformer.Transform(view).Maps();
        })];
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamTransformer[] transformers = [.. layers.Select(layer => Explained.Transformer(_context, new AbsCamOptions { Layers = layer is null ? null : [layer] }, network))];
        AtOnce.Check(thread =>
        {
            float[][] maps = transformers[thread % 2].Transform(view).Maps();
            for (int row = 0; row < maps.Length; row++)
            {
                Close.AreClose(expected[thread % 2][row], maps[row], Explained.Tolerance, $"{layers[thread % 2]}, row {row}");
            }
        });
        Array.ForEach(transformers, transformer => transformer.Dispose());
    }

    [TestMethod]
    public void A_pipeline_is_saved_whole_while_others_read_it()
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context);
        IDataView view = TinyNetwork.View(_context, 4);
        float[][] expected = transformer.Transform(view).Maps();
        AtOnce.Check(thread =>
        {
            if (thread % 2 == 0)
            {
                AreSame(expected, transformer.Transform(view).Maps());
                return;
            }

            using var file = new MemoryStream();
            var context = new MLContext(seed: 1);
            context.Model.Save(transformer, view.Schema, file);
            file.Position = 0;
            using var loaded = (IDisposable)context.Model.Load(file, out _);
            AreSame(expected, ((ITransformer)loaded).Transform(view).Maps());
        });
    }

    private void CheckPipelines(ImageNetwork network, AbsCamOptions options)
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, options, network);
        IDataView[] views = [.. Enumerable.Range(0, AtOnce.Threads).Select(first => TinyNetwork.View(_context, TinyNetwork.Rows(first + RowsEach)[first..]))];
        float[][][] maps = [.. views.Select(view => transformer.Transform(view).Maps())];
        float[][][] scores = [.. views.Select(view => transformer.Transform(view).GetColumn<float[]>("Scores").ToArray())];
        AtOnce.Check(thread =>
        {
            for (int i = 0; i < 3; i++)
            {
                int which = (thread + i) % views.Length;
                IDataView explained = transformer.Transform(views[which]);
                AreSame(maps[which], explained.Maps());
                AreSame(scores[which], [.. explained.GetColumn<float[]>("Scores")]);
            }
        });
    }

    private static void AreSame(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int row = 0; row < expected.Length; row++)
        {
            CollectionAssert.AreEqual(expected[row], actual[row], $"row {row}");
        }
    }

    private static float[] Tensorized(DemoScene scene)
    {
        using MLImage photo = ImageFile.Load(scene.EncodePng());
        float[] input = new float[3 * DemoNetwork.InputSize * DemoNetwork.InputSize];
        new AbsCam.Imaging.ImageTensorizer(ImagePreprocessing.For(DemoNetwork.InputSize, DemoNetwork.InputSize) with { Mean = DemoNetwork.Mean, Std = DemoNetwork.Std }).Write(photo, input);
        return input;
    }

    private PredictionEngine<VectorRow, ScenePrediction> Engine(ITransformer transformer) => _context.Model.CreatePredictionEngine<VectorRow, ScenePrediction>(
        transformer, new PredictionEngineOptions { OwnsTransformer = false, InputSchemaDefinition = VectorRow.Schema(3, DemoNetwork.InputSize, DemoNetwork.InputSize) });

    private sealed class ScenePrediction
    {
        [VectorType(112, 112)]
        public float[] Saliency { get; set; } = [];
    }
}
