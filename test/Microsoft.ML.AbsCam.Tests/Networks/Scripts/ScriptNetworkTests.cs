using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Scripts;

/// <summary>A pair of TorchScript files explains as the same network does as a module and by hand.</summary>
[TestClass]
public sealed class ScriptNetworkTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Maps_scores_and_gradient_are_those_of_the_same_module()
    {
        using DisposeScope scope = NewDisposeScope();
        using var pair = new ScriptPair();
        using var module = new TinyModule();
        using ImageNetwork script = pair.Open();
        using ImageNetwork same = module.Open();
        Tensor images = tensor([.. TinyNetwork.Image(0), .. TinyNetwork.Image(1), .. TinyNetwork.Image(2)], [3, 3, 8, 8]);
        LayerPass expected = same.RunFromLayer(images, "relu", CPU);
        Tensor maps = expected.Activation.detach().clone().requires_grad_(true);
        float[] gradient = Gradient(module.Classify(maps), maps);

        // The interpreter watches its first runs and rewrites the script for the later ones.
        for (int run = 0; run < 4; run++)
        {
            LayerPass actual = script.RunFromLayer(images, "features", CPU);
            Close.AreClose(expected.Activation.Floats(), actual.Activation.Floats(), 1e-6, "maps");
            Close.AreClose(expected.Logits.Floats(), actual.Logits.Floats(), 1e-5, "scores");
            Close.AreClose(expected.Logits.Floats(), script.RunForward(images, CPU).Floats(), 1e-5, "scores without a graph");
            Close.AreClose(gradient, Gradient(actual.Logits, actual.Activation), 1e-6, "gradient");
        }
    }

    [TestMethod]
    public void The_head_alone_runs_on_other_maps()
    {
        using DisposeScope scope = NewDisposeScope();
        using var pair = new ScriptPair();
        using var module = new TinyModule();
        using ImageNetwork script = pair.Open();
        Tensor images = tensor(TinyNetwork.Image(0), [1, 3, 8, 8]);
        Tensor maps = tensor(OnnxModelBuilder.Numbers([TinyNetwork.Channels, 4, 4], 5), [1, TinyNetwork.Channels, 4, 4]);
        Close.AreClose(module.Classify(maps).Floats(), script.RunTail(images, "features", maps, CPU).Floats(), 1e-5, "scores of other maps");
        LayerPass pass = script.RunFromLayer(images, "features", CPU, withGraph: false);
        Assert.IsFalse(pass.Activation.requires_grad || pass.Logits.requires_grad);
    }

    [TestMethod]
    public void A_pipeline_gives_the_map_of_its_formulas()
    {
        using var pair = new ScriptPair();
        using ImageNetwork network = pair.Open();
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 3 }, network);
        Explained.AreMapsOf([0, 1, 2, 3], transformer.Transform(TinyNetwork.View(_context, 4)).Maps());
    }

    [TestMethod]
    [DataRow("grad-cam")]
    [DataRow("ablation-cam")]
    [DataRow("eigen-cam")]
    public void Other_methods_give_the_maps_of_the_same_module(string method)
    {
        using var pair = new ScriptPair();
        using var module = new TinyModule();
        using ImageNetwork script = pair.Open();
        using ImageNetwork same = module.Open();
        var options = new AbsCamOptions { Method = SaliencyMethod.Parse(method), Target = SaliencyTarget.Class(3) };
        using AbsCamTransformer expected = Explained.Transformer(_context, options, same);
        using AbsCamTransformer actual = Explained.Transformer(_context, options, script);
        IDataView view = TinyNetwork.View(_context, 3);
        float[][] maps = actual.Transform(view).Maps();
        foreach ((float[] map, int row) in expected.Transform(view).Maps().Select((map, row) => (map, row)))
        {
            Close.AreClose(map, maps[row], Explained.Tolerance, $"row {row}");
        }
    }

    [TestMethod]
    public void Files_that_libtorch_itself_wrote_are_read()
    {
        using var pair = new ScriptPair();
        foreach (string file in (string[])[pair.FeaturesFile, pair.HeadFile])
        {
            using jit.ScriptModule<Tensor, Tensor> loaded = jit.load<Tensor, Tensor>(file);
            jit.save(loaded, file);
        }

        using ImageNetwork network = pair.Open();
        using AbsCamTransformer transformer = Explained.Transformer(_context, network: network);
        Explained.AreMapsOf([0], transformer.Transform(TinyNetwork.View(_context, 1)).Maps());
    }

    [TestMethod]
    public void A_head_that_works_in_place_leaves_the_maps_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        using var whole = new ScriptPair(ScriptPair.Features("return maps"));
        using var inPlace = new ScriptPair(ScriptPair.Features("return maps"), ScriptPair.Classify(["active = torch.relu_(maps)", .. ScriptPair.Head]));
        using ImageNetwork network = inPlace.Open();
        using ImageNetwork other = whole.Open();
        Tensor image = tensor(TinyNetwork.Image(0), [1, 3, 8, 8]);
        float[] activation = network.RunFromLayer(image, "features", CPU).Activation.Floats();
        Assert.IsLessThan(0, activation.Min());
        CollectionAssert.AreEqual(other.RunFromLayer(image, "features", CPU).Activation.Floats(), activation);
    }

    [TestMethod]
    public void The_pair_has_one_layer_and_says_its_sizes()
    {
        using var pair = new ScriptPair();
        using ImageNetwork first = pair.Open();
        using ImageNetwork network = first.Reopen();
        Assert.AreEqual("maps.pt and scores.pt", network.Name);
        Assert.AreEqual(new NetworkShape(3, 8, 8, TinyNetwork.Classes), network.Shape);
        FeatureLayer layer = network.Layers.Single();
        Assert.AreEqual(("features", TinyNetwork.Channels, 4, 4, true), (layer.Name, layer.Channels, layer.Height, layer.Width, layer.IsDefault));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => network.FindLayer("relu")).Message, "no layer named 'relu'");
    }

    [TestMethod]
    public void Passes_leave_no_tensor_behind()
    {
        using var pair = new ScriptPair();
        using ImageNetwork network = pair.Open();
        using Tensor image = tensor(TinyNetwork.Image(0), [1, 3, 8, 8]);
        Run();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Run();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Run()
        {
            using DisposeScope scope = NewDisposeScope();
            network.RunFromLayer(image, "features", CPU);
            network.RunForward(image, CPU);
        }
    }

    [TestMethod]
    public void A_pipeline_with_such_files_is_not_saved()
    {
        using var pair = new ScriptPair();
        using ImageNetwork network = pair.Open();
        using AbsCamTransformer transformer = Explained.Transformer(_context, network: network);
        using var file = new MemoryStream();
        string message = Assert.ThrowsExactly<InvalidOperationException>(() => _context.Model.Save(transformer, TinyNetwork.View(_context, 1).Schema, file)).Message;
        StringAssert.Contains(message, "maps.pt and scores.pt");
        StringAssert.Contains(message, "ONNX");
    }

    private static float[] Gradient(Tensor logits, Tensor maps) => autograd.grad([logits.select(1, 2).sum()], [maps])[0].Floats();
}
