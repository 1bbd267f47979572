using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Pipeline;

/// <summary>The choice between ONNX Runtime and TorchSharp, as a user of a pipeline sees it.</summary>
[TestClass]
public sealed class EngineTests
{
    private const double Tolerance = 1e-4;
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("abs-cam")]
    [DataRow("grad-cam")]
    [DataRow("grad-cam++")]
    [DataRow("layer-cam")]
    [DataRow("score-cam")]
    [DataRow("ablation-cam")]
    public void Both_engines_give_the_same_maps_and_probabilities(string method)
    {
        foreach (SaliencyTarget target in (SaliencyTarget[])[SaliencyTarget.Predicted, SaliencyTarget.Top(3)])
        {
            AbsCamOptions options = new() { Method = SaliencyMethod.Parse(method), Target = target, BatchSize = 3, Columns = new() { Scores = "Scores" } };
            (float[][] maps, float[][] scores) = Explain(options with { Engine = NetworkEngine.OnnxRuntime });
            (float[][] expectedMaps, float[][] expectedScores) = Explain(options with { Engine = NetworkEngine.TorchSharp });
            for (int row = 0; row < maps.Length; row++)
            {
                Close.AreClose(expectedMaps[row], maps[row], Tolerance, $"map {row} of {method}");
                Close.AreClose(expectedScores[row], scores[row], Tolerance, $"scores {row} of {method}");
            }
        }
    }

    [TestMethod]
    [DataRow("abs-cam-initial")]
    [DataRow("abs-cam")]
    public void Both_engines_agree_on_the_demo_network(string method)
    {
        float[][] maps = [.. new[] { NetworkEngine.OnnxRuntime, NetworkEngine.TorchSharp }.Select(engine =>
        {
            using ImageNetwork network = ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx());
            int side = network.Shape.Height;
            IDataView data = VectorRow.View(_context, [new VectorRow { Input = OnnxModelBuilder.Numbers([3, side, side], 9) }], 3, side, side);
            using AbsCamTransformer transformer = _context.Transforms.AbsCam(Explained.Map, nameof(VectorRow.Input), network, new AbsCamOptions { Method = SaliencyMethod.Parse(method), Engine = engine, Tolerance = 0.3 }).Fit(data);
            return transformer.Transform(data).Maps().Single();
        })];
        Close.AreClose(maps[1], maps[0], Tolerance, "map");
    }

    [TestMethod]
    [DataRow(NetworkEngine.Auto, "Forward passes and gradients run in ONNX Runtime")]
    [DataRow(NetworkEngine.OnnxRuntime, "Forward passes and gradients run in ONNX Runtime")]
    [DataRow(NetworkEngine.TorchSharp, "Forward passes and gradients run in TorchSharp (asked for)")]
    public void The_log_names_the_engine_once(NetworkEngine engine, string line)
    {
        List<string> lines = [];
        _context.Log += (_, message) => lines.Add(message.Message);
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { Engine = engine });
        transformer.Transform(TinyNetwork.View(_context, 5)).Maps();
        Assert.AreEqual(1, lines.Count(text => text.Contains(line, StringComparison.Ordinal)), string.Join('\n', lines));
    }

    [TestMethod]
    public void A_module_runs_in_TorchSharp_and_refuses_the_other_engine()
    {
        using var module = new TinyModule();
        using ImageNetwork network = module.Open("relu");
        using AbsCamTransformer forced = Explained.Transformer(_context, new AbsCamOptions { Engine = NetworkEngine.OnnxRuntime }, network);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => forced.Transform(TinyNetwork.View(_context, 1)).Maps()).Message,
            "Engine is OnnxRuntime, and ONNX Runtime cannot run the network");
        using AbsCamTransformer automatic = Explained.Transformer(_context, network: network);
        Assert.HasCount(1, automatic.Transform(TinyNetwork.View(_context, 1)).Maps());
    }

    [TestMethod]
    public void One_network_serves_transformers_with_different_engines_and_layers()
    {
        using ImageNetwork network = TinyNetwork.Rectified.Open();
        AbsCamOptions[] asked = [new() { Engine = NetworkEngine.OnnxRuntime }, new() { Engine = NetworkEngine.TorchSharp }, new() { Layers = ["before"] }, new()];
        AbsCamTransformer[] transformers = [.. asked.Select(options => Explained.Transformer(_context, options, network))];
        IDataView view = TinyNetwork.View(_context, 4);
        float[][][] maps = [.. transformers.Select(transformer => transformer.Transform(view).Maps())];
        for (int row = 0; row < 4; row++)
        {
            Close.AreClose(maps[0][row], maps[1][row], Tolerance, "engines");
            CollectionAssert.AreEqual(maps[0][row], maps[3][row]);
        }

        Array.ForEach(transformers, transformer => transformer.Dispose());
    }

    [TestMethod]
    public void An_engine_that_there_is_not_is_named()
        => StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Explained.Transformer(_context, new AbsCamOptions { Engine = (NetworkEngine)9 })).Message,
            "AbsCamOptions.Engine is one of Auto, OnnxRuntime, TorchSharp");

    private (float[][] Maps, float[][] Scores) Explain(AbsCamOptions options)
    {
        using AbsCamTransformer transformer = Explained.Transformer(_context, options);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 5));
        return (explained.Maps(), [.. explained.GetColumn<float[]>("Scores")]);
    }
}
