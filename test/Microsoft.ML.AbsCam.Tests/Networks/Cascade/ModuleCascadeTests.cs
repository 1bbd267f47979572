using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Cascade;

[TestClass]
public sealed class ModuleCascadeTests
{
    private static readonly string[] FromTheTop = ["fc", "conv"];
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Parameters_are_drawn_from_the_last_layer_down_and_put_back_bit_for_bit()
    {
        using TinyModule module = new();
        using ImageNetwork network = module.Open();
        WeightCascade cascade = network.Cascade();
        Dictionary<string, float[]> trained = Parameters(module);

        CollectionAssert.AreEqual(FromTheTop, cascade.Layers.ToArray());
        for (int drawn = 0; drawn <= 2; drawn++)
        {
            using (cascade.Randomise(drawn, seed: 1))
            {
                Dictionary<string, float[]> now = Parameters(module);
                Assert.AreEqual(drawn < 1, trained["fc.weight"].SequenceEqual(now["fc.weight"]), $"{drawn} layers: fc");
                Assert.AreEqual(drawn < 2, trained["conv.weight"].SequenceEqual(now["conv.weight"]), $"{drawn} layers: conv");
                Assert.AreEqual(drawn < 2, trained["conv.bias"].SequenceEqual(now["conv.bias"]), $"{drawn} layers: conv's bias");
            }

            AreSame(trained, Parameters(module));
        }
    }

    [TestMethod]
    public void Norms_begin_anew_with_the_layer_before_them_and_keep_what_they_measured()
    {
        using nn.Module<Tensor, Tensor> module = nn.Sequential(
            ("conv", nn.Conv2d(3, 4, 3)), ("norm", nn.BatchNorm2d(4)), ("pool", nn.AdaptiveAvgPool2d([1, 1])), ("flat", nn.Flatten()), ("fc", nn.Linear(4, 5)));
        using (no_grad())
        {
            foreach ((string name, TorchSharp.Modules.Parameter parameter) in module.named_parameters().Where(pair => pair.name.StartsWith("norm", StringComparison.Ordinal)))
            {
                parameter.fill_(0.7);
            }
        }

        using ImageNetwork network = ImageNetwork.FromModule(module, "conv", 8, 8);
        WeightCascade cascade = network.Cascade();
        Dictionary<string, float[]> trained = Parameters(module);
        CollectionAssert.AreEqual(FromTheTop, cascade.Layers.ToArray());
        using (cascade.Randomise(1, seed: 1))
        {
            CollectionAssert.AreEqual(trained["norm.weight"], Parameters(module)["norm.weight"]);
        }

        using (cascade.Randomise(2, seed: 1))
        {
            Dictionary<string, float[]> now = Parameters(module);
            CollectionAssert.AreEqual(new float[] { 1, 1, 1, 1 }, now["norm.weight"]);
            CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0 }, now["norm.bias"]);
            CollectionAssert.AreEqual(trained["norm.running_var"], now["norm.running_var"]);
        }

        AreSame(trained, Parameters(module));
    }

    [TestMethod]
    public void Passes_of_other_threads_wait_and_see_the_trained_weights()
    {
        using TinyModule module = new();
        using ImageNetwork network = module.Open();
        float[] expected = Scores(network);
        Task<float[]> other;
        using (network.Cascade().Randomise(2, seed: 1))
        {
            CollectionAssert.AreNotEqual(expected, Scores(network));
            other = Task.Run(() => Scores(network));
            Assert.IsFalse(other.Wait(Soon));
        }

        CollectionAssert.AreEqual(expected, other.Result);
    }

    [TestMethod]
    public void The_module_is_whole_again_after_an_error()
    {
        using TinyModule module = new();
        using ImageNetwork network = module.Open();
        Dictionary<string, float[]> trained = Parameters(module);
        module.BeforePass = _ =>
        {
            if (!AreEqual(trained, Parameters(module)))
            {
                throw new InvalidOperationException("drawn");
            }
        };

        Assert.AreEqual("drawn", Assert.ThrowsExactly<InvalidOperationException>(() => _context.Saliency.SanityCheck(
            TinyNetwork.View(_context, 3), network, new AbsCamOptions(), new SanityCheckOptions { ImageColumn = nameof(VectorRow.Input) })).Message);
        AreSame(trained, Parameters(module));
        Assert.IsTrue(module.parameters().All(parameter => parameter.requires_grad));
        CollectionAssert.AreEqual(Scores(network), Task.Run(() => Scores(network)).Result);
    }

    private static float[] Scores(ImageNetwork network)
    {
        using DisposeScope scope = NewDisposeScope();
        return network.RunForward(tensor(TinyNetwork.Image(1), [1, 3, TinyNetwork.Side, TinyNetwork.Side]), CPU).Floats();
    }

    private static Dictionary<string, float[]> Parameters(nn.Module module) => module.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.Floats());

    private static bool AreEqual(Dictionary<string, float[]> a, Dictionary<string, float[]> b) => a.All(entry => entry.Value.SequenceEqual(b[entry.Key]));

    private static void AreSame(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual)
    {
        foreach ((string name, float[] values) in expected)
        {
            CollectionAssert.AreEqual(values, actual[name], name);
        }
    }
}
