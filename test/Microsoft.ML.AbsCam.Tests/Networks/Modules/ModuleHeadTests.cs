using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Modules;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Modules;

/// <summary>Gradients that begin at a module's last linear layer are those of the whole module.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ModuleHeadTests
{
    private const int Side = 8;
    private const double Tolerance = 1e-6;

    [TestMethod]
    public void A_classifier_that_is_a_convolution_is_cut_to_the_classes_asked_for()
        => AreThoseOfTheWhole(Classifier(nn.Dropout(), nn.Conv2d(6, 5, 1, padding: 1), nn.ReLU(inplace: true), nn.AdaptiveAvgPool2d(1), nn.Flatten()), cutsHead: true);

    [TestMethod]
    public void A_classifier_that_is_a_matrix_is_cut_to_the_classes_asked_for()
        => AreThoseOfTheWhole(Classifier(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 9), nn.ReLU(), nn.Dropout(), nn.Linear(9, 5, hasBias: false)), cutsHead: true);

    [TestMethod]
    public void A_head_with_something_unknown_behind_it_is_not_cut()
        => AreThoseOfTheWhole(Classifier(nn.Conv2d(6, 5, 1), nn.Sigmoid(), nn.AdaptiveAvgPool2d(1), nn.Flatten()), cutsHead: false);

    [TestMethod]
    public void A_convolution_with_a_stride_is_not_cut()
        => AreThoseOfTheWhole(Classifier(nn.Conv2d(6, 5, 1, stride: 2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()), cutsHead: false);

    [TestMethod]
    public void A_convolution_whose_border_is_not_of_zeros_is_not_cut()
        => AreThoseOfTheWhole(Classifier(nn.Conv2d(6, 5, 1, padding: 1, padding_mode: PaddingModes.Replicate), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()), cutsHead: false);

    [TestMethod]
    public void Scores_that_also_come_by_another_way_are_not_cut() => AreThoseOfTheWhole(new Sum(), cutsHead: false);

    [TestMethod]
    public void A_head_that_is_called_twice_is_not_cut() => AreThoseOfTheWhole(new Twice(), cutsHead: false);

    [TestMethod]
    public void A_head_before_the_layer_is_let_be()
        => AreThoseOfTheWhole(nn.Sequential(("features", nn.Conv2d(3, 3, 3)), ("conv", nn.Conv2d(3, 5, 1)), ("relu", nn.ReLU()), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten())), cutsHead: true, "relu");

    [TestMethod]
    public void Scores_that_are_not_numbers_leave_the_head_as_it_was()
    {
        using Sequential module = Classifier(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 5));
        using ImageNetwork network = ImageNetwork.FromModule(module, "features", Side, Side);
        using DisposeScope scope = NewDisposeScope();
        LayerPass pass = network.RunFromLayer(full([1, 3, Side, Side], float.NaN), "features", CPU);
        Assert.IsTrue(network.Gradients(pass, [[0]])[0].isfinite().all().item<bool>(), "the gradient of a linear head does not depend on the image");
        Assert.IsTrue(((ModuleImageNetwork)network).CutsHead);
    }

    private static Sequential Classifier(params nn.Module<Tensor, Tensor>[] behind)
    {
        Sequential classifier = nn.Sequential([("features", nn.Conv2d(3, 6, 3, padding: 1)), .. behind.Select((module, i) => ($"{i}", module))]);
        SeededWeights.Draw(classifier, 3);
        return classifier;
    }

    private static void AreThoseOfTheWhole(nn.Module<Tensor, Tensor> module, bool cutsHead, string layer = "features")
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> owned = module;
        using ImageNetwork network = ImageNetwork.FromModule(module, layer, Side, Side);
        Tensor images = tensor(OnnxModelBuilder.Numbers([4, 3, Side, Side], 1), [4, 3, Side, Side]);
        long[][] classes = [[0, 1, 2, 3], [4, 4, 0, 1]];

        module.eval();
        Tensor? leaf = null;
        Tensor logits;
        var tapped = (nn.Module<Tensor, Tensor>)module.named_modules().Single(child => child.name == layer).module;
        nn.Module<Tensor, Tensor>.HookRemover hook = tapped.register_forward_hook((_, _, output) =>
        {
            // A Sequential disposes what one of its modules hands to the next.
            leaf = output.detach().requires_grad_(true);
            scope.Attach(leaf);
            return leaf.clone();
        });
        logits = module.call(images);
        hook.remove();
        module.train();

        for (int time = 0; time < 2; time++)
        {
            LayerPass pass = network.RunFromLayer(images, layer, CPU);
            Close.AreClose(logits.Floats(), pass.Logits.Floats(), Tolerance, "scores");
            Tensor[] gradients = network.Gradients(pass, classes);
            for (int t = 0; t < classes.Length; t++)
            {
                Tensor expected = autograd.grad([logits.gather(1, tensor(classes[t]).unsqueeze(1)).sum()], [leaf!], retain_graph: true)[0];
                Close.AreClose(expected.Floats(), gradients[t].Floats(), Tolerance, $"target {t}, pass {time}");
            }
        }

        Assert.AreEqual(cutsHead, ((ModuleImageNetwork)network).CutsHead);
        Assert.IsTrue(module.parameters().All(parameter => parameter.requires_grad && parameter.grad is null), "parameters are as they were");
    }

    private sealed class Sum : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _features = nn.Conv2d(3, 6, 3);
        private readonly Conv2d _aside = nn.Conv2d(6, 5, 3);
        private readonly Linear _linear = nn.Linear(6, 5);

        public Sum()
            : base(nameof(Sum))
        {
            register_module("features", _features);
            register_module("aside", _aside);
            register_module("linear", _linear);
        }

        public override Tensor forward(Tensor input)
        {
            Tensor map = _features.call(input);
            return _linear.call(map.mean([2, 3])) + _aside.call(map).mean([2, 3]);
        }
    }

    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _features = nn.Conv2d(3, 5, 3);
        private readonly Linear _linear = nn.Linear(5, 5);

        public Twice()
            : base(nameof(Twice))
        {
            register_module("features", _features);
            register_module("linear", _linear);
        }

        public override Tensor forward(Tensor input) => _linear.call(_linear.call(_features.call(input).mean([2, 3])));
    }
}
