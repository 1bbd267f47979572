using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Modules;

/// <summary>Several networks, and whoever draws weights anew, around one module.</summary>
[TestClass]
public sealed class SharedModuleTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Networks_around_one_module_in_training_do_not_turn_each_others_dropout_on()
    {
        using nn.Module<Tensor, Tensor> module = nn.Sequential(
            ("conv", nn.Conv2d(3, 6, 3, padding: 1)), ("relu", nn.ReLU()), ("drop", nn.Dropout(0.5)), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("linear", nn.Linear(6, 5)));
        module.train();
        IDataView view = TinyNetwork.View(_context, 4);
        string[] layers = ["conv", "relu"];
        float[][][] expected = [.. layers.Select(Maps)];
        AtOnce.Check(thread =>
        {
            for (int i = 0; i < 5; i++)
            {
                float[][] maps = Maps(layers[thread % 2]);
                for (int row = 0; row < maps.Length; row++)
                {
                    CollectionAssert.AreEqual(expected[thread % 2][row], maps[row]);
                }
            }
        });
        Assert.IsTrue(module.training);

        float[][] Maps(string layer)
        {
            using ImageNetwork network = ImageNetwork.FromModule(module, layer, TinyNetwork.Side, TinyNetwork.Side);
            using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 2 }, network);
            return transformer.Transform(view).Maps();
        }
    }

    [TestMethod]
    public void Gradients_survive_weights_that_were_drawn_anew_and_put_back_since_the_pass()
    {
        using var module = new TinyModule();
        using ImageNetwork network = module.Open("conv");
        using DisposeScope scope = NewDisposeScope();
        Tensor input = tensor(TinyNetwork.Image(0), [1, 3, TinyNetwork.Side, TinyNetwork.Side]);
        float[] expected = network.Gradients(network.RunFromLayer(input, "conv", CPU), [[2]])[0].Floats();
        LayerPass pass = network.RunFromLayer(input, "conv", CPU);
        WeightCascade cascade = network.Cascade();
        using (RandomisedNetwork randomised = cascade.Randomise(cascade.Layers.Count, 1))
        {
            Assert.AreSame(network, randomised.Network);
        }

        CollectionAssert.AreEqual(expected, network.Gradients(pass, [[2]])[0].Floats());
    }

    [TestMethod]
    public void Explaining_goes_on_beside_a_sanity_check()
    {
        using var module = new TinyModule();
        using ImageNetwork network = module.Open();
        IDataView view = TinyNetwork.View(_context, 4);
        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 2 }, network);
        float[][] expected = transformer.Transform(view).Maps();
        AtOnce.Check(thread =>
        {
            if (thread == 0)
            {
                WeightCascade cascade = network.Cascade();
                for (int i = 0; i < 50; i++)
                {
                    using RandomisedNetwork randomised = cascade.Randomise(cascade.Layers.Count, i);
                }

                return;
            }

            for (int i = 0; i < 5; i++)
            {
                float[][] maps = transformer.Transform(view).Maps();
                for (int row = 0; row < maps.Length; row++)
                {
                    CollectionAssert.AreEqual(expected[row], maps[row]);
                }
            }
        });
    }
}
