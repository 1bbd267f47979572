using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Modules;

/// <summary>TorchSharp modules: the tap is right whatever surrounds it, and the module stays as its owner left it.</summary>
[TestClass]
public sealed class ModuleNetworkTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_plain_module_gives_the_map_of_its_formulas() => Check(new TinyModule());

    [TestMethod]
    public void An_in_place_activation_does_not_reach_into_the_layer_before_it()
    {
        // The layer named is the convolution: its own output has negative numbers, which the ReLU behind it overwrites.
        using var module = new TinyModule(inPlace: true);
        using var same = new TinyModule(inPlace: false);
        using AbsCamTransformer inPlace = Explained.Transformer(_context, network: module.Open("conv"));
        using AbsCamTransformer apart = Explained.Transformer(_context, network: same.Open("conv"));
        IDataView view = TinyNetwork.View(_context, 3);
        float[][] expected = apart.Transform(view).Maps();
        float[][] actual = inPlace.Transform(view).Maps();
        for (int row = 0; row < expected.Length; row++)
        {
            CollectionAssert.AreEqual(expected[row], actual[row]);
        }
    }

    [TestMethod]
    public void The_activation_is_the_layers_own_and_the_gradient_that_of_a_whole_backward_pass()
    {
        using DisposeScope scope = NewDisposeScope();
        using var module = new TinyModule(inPlace: true);
        using ImageNetwork network = module.Open("conv");
        Tensor input = tensor(TinyNetwork.Image(0), [1, 3, 8, 8]);
        LayerPass pass = network.RunFromLayer(input, "conv", CPU);
        Tensor gradient = network.Gradients(pass, [[2]])[0];

        (string _, nn.Module conv) = module.named_modules().Single(child => child.name == "conv");
        Tensor layer = ((nn.Module<Tensor, Tensor>)conv).call(input).detach().requires_grad_(true);
        Tensor logits = module.Classify(layer.clamp_min(0));
        Tensor expected = autograd.grad([logits[0, 2]], [layer])[0];
        Close.AreClose(layer.Floats(), pass.Activation.Floats(), 0, "activation");
        Close.AreClose(expected.Floats(), gradient.Floats(), 1e-7, "gradient");
        Assert.IsTrue(pass.Activation.is_leaf);
    }

    [TestMethod]
    public void A_module_with_a_dispose_scope_of_its_own_keeps_the_tapped_layer() => Check(new ScopedModule());

    [TestMethod]
    public void A_Sequential_keeps_the_tapped_layer()
    {
        var parts = new TinyModule();
        nn.Module<Tensor, Tensor>[] children = [.. parts.named_children().Select(child => (nn.Module<Tensor, Tensor>)child.module)];
        using TorchSharp.Modules.Sequential sequential = nn.Sequential(("conv", children[0]), ("relu", nn.ReLU(inplace: true)), ("pool", children[2]), ("flatten", nn.Flatten()), ("fc", children[3]));
        foreach (string layer in (string[])["relu", "conv"])
        {
            using ImageNetwork network = ImageNetwork.FromModule(sequential, layer, 8, 8);
            using AbsCamTransformer transformer = Explained.Transformer(_context, network: network);
            float[][] maps = transformer.Transform(TinyNetwork.View(_context, 3)).Maps();
            for (int row = 0; row < maps.Length; row++)
            {
                if (layer == "relu")
                {
                    Explained.IsMapOf(row, maps[row]);
                }
                else
                {
                    Assert.IsTrue(maps[row].All(float.IsFinite));
                }
            }
        }
    }

    [TestMethod]
    public void Frozen_weights_do_not_matter()
    {
        var module = new TinyModule();
        foreach (TorchSharp.Modules.Parameter parameter in module.parameters())
        {
            parameter.requires_grad_(false);
        }

        Check(module);
        Assert.IsFalse(module.parameters().Any(parameter => parameter.requires_grad));
    }

    [TestMethod]
    public void An_ambient_no_grad_does_not_matter()
    {
        using IDisposable noGrad = no_grad();
        Check(new TinyModule());
        Assert.IsFalse(is_grad_enabled());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Modes_gradients_and_flags_are_left_as_they_were(bool broken)
    {
        using var module = new TinyModule();
        using ImageNetwork network = module.Open();
        module.train();
        module.named_modules().Single(child => child.name == "pool").module.eval();
        module.parameters().First().requires_grad_(false);
        using (Tensor loss = module.call(ones(1, 3, 8, 8)).sum())
        {
            loss.backward();
        }

        bool[] training = [module.training, .. module.named_modules().Select(child => child.module.training)];
        bool[] flags = [.. module.parameters().Select(parameter => parameter.requires_grad)];
        float[][] gradients = [.. module.parameters().Select(parameter => parameter.grad is { } grad ? grad.Floats() : [])];
        float[][] weights = [.. module.parameters().Select(parameter => parameter.Floats())];
        using AbsCamTransformer transformer = Explained.Transformer(_context, network: network);
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 3));
        if (broken)
        {
            module.BeforePass = _ => throw new InvalidOperationException("the network broke");
            Assert.ThrowsExactly<InvalidOperationException>(() => explained.Maps());
        }
        else
        {
            module.BeforePass = _ => Assert.IsFalse(module.training);
            Explained.AreMapsOf([0, 1, 2], explained.Maps());
        }

        CollectionAssert.AreEqual(training, (bool[])[module.training, .. module.named_modules().Select(child => child.module.training)]);
        CollectionAssert.AreEqual(flags, module.parameters().Select(parameter => parameter.requires_grad).ToArray());
        float[][] gradientsAfter = [.. module.parameters().Select(parameter => parameter.grad is { } grad ? grad.Floats() : [])];
        float[][] weightsAfter = [.. module.parameters().Select(parameter => parameter.Floats())];
        for (int i = 0; i < weights.Length; i++)
        {
            CollectionAssert.AreEqual(gradients[i], gradientsAfter[i]);
            CollectionAssert.AreEqual(weights[i], weightsAfter[i]);
        }
    }

    [TestMethod]
    public void A_layer_that_runs_twice_is_taken_the_second_time()
    {
        using var module = new Twice();
        using ImageNetwork network = ImageNetwork.FromModule(module, "features", 8, 8);
        using DisposeScope scope = NewDisposeScope();
        Tensor input = tensor(TinyNetwork.Image(0), [1, 3, 8, 8]);
        LayerPass pass = network.RunFromLayer(input, "features", CPU);
        Close.AreClose(module.Features.call(module.Features.call(input)).Floats(), pass.Activation.Floats(), 0, "activation");
        Tensor gradient = network.Gradients(pass, [[0]])[0];
        Assert.AreEqual(1f / TinyNetwork.Pixels, gradient[0, 0, 0, 0].item<float>(), 1e-7f);
    }

    [TestMethod]
    public void A_layer_that_is_not_reached_through_call_is_named()
    {
        using var module = new ForwardOnly();
        using ImageNetwork network = ImageNetwork.FromModule(module, "features", 8, 8);
        using AbsCamTransformer transformer = Explained.Transformer(_context, network: network);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => transformer.Transform(TinyNetwork.View(_context, 1)).Maps()).Message,
            "The layer 'features' was not reached through call()");
    }

    [TestMethod]
    public void A_layer_that_is_not_there_is_named_with_near_ones()
    {
        using var module = new TinyModule();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => module.Open("rellu")).Message, "no layer named 'rellu'. Did you mean 'relu'");
    }

    [TestMethod]
    public void A_layer_without_height_and_width_is_refused()
    {
        using var module = new TinyModule();
        using AbsCamTransformer transformer = Explained.Transformer(_context, network: module.Open("fc"));
        StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => transformer.Layer).Message, "The layer 'fc' gives 1 x 5");
    }

    [TestMethod]
    public void The_owner_may_run_the_module_meanwhile()
    {
        using var module = new TinyModule();
        module.eval();
        using Tensor input = tensor(TinyNetwork.Image(0), [1, 3, 8, 8]);
        float[] expected;
        using (no_grad())
        using (Tensor scores = module.call(input))
        {
            expected = scores.Floats();
        }

        using AbsCamTransformer transformer = Explained.Transformer(_context, new AbsCamOptions { BatchSize = 2 }, module.Open());
        IDataView explained = transformer.Transform(TinyNetwork.View(_context, 20));
        using var done = new CancellationTokenSource();
        Task<int> owner = Task.Run(() =>
        {
            int runs = 0;
            using IDisposable noGrad = no_grad();
            do
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor scores = module.call(input);
                CollectionAssert.AreEqual(expected, scores.Floats());
                Assert.IsFalse(scores.requires_grad);
                runs++;
            }
            while (!done.IsCancellationRequested);
            return runs;
        });
        Explained.AreMapsOf(Enumerable.Range(0, 20), explained.Maps());
        done.Cancel();
        Assert.IsGreaterThan(0, owner.Result);
        Assert.IsFalse(module.training);
    }

    [TestMethod]
    public void A_disposed_network_takes_its_tap_off_the_callers_module()
    {
        using var module = new TinyModule();
        for (int i = 0; i < 3; i++)
        {
            using ImageNetwork network = module.Open();
            Assert.AreEqual(TinyNetwork.Classes, network.Shape.ClassCount);
        }

        using DisposeScope scope = NewDisposeScope();
        Assert.AreEqual(TinyNetwork.Classes, module.call(ones(1, 3, 8, 8)).shape[1]);
    }

    private void Check(TinyModule module)
    {
        using (module)
        using (ImageNetwork network = module.Open())
        using (AbsCamTransformer transformer = Explained.Transformer(_context, network: network))
        {
            Explained.AreMapsOf([0, 1, 2, 3], transformer.Transform(TinyNetwork.View(_context, 4)).Maps());
        }
    }

    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        public Twice()
            : base(nameof(Twice)) => register_module("features", Features);

        public TorchSharp.Modules.Conv2d Features { get; } = nn.Conv2d(3, 3, 3, padding: 1);

        public override Tensor forward(Tensor input) => Features.call(Features.call(input)).mean([2, 3]);
    }

    private sealed class ForwardOnly : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d _features = nn.Conv2d(3, 4, 3);

        public ForwardOnly()
            : base(nameof(ForwardOnly)) => register_module("features", _features);

        public override Tensor forward(Tensor input) => _features.forward(input).mean([2, 3]);
    }
}
