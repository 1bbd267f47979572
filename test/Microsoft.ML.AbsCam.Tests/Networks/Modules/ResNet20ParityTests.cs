using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Modules;

/// <summary>A module written by hand gives the tensors that PyTorch gave for the same weights.</summary>
[TestClass]
[TestCategory("RealNetwork")]
public sealed class ResNet20ParityTests
{
    private const string Network = "resnet20-cifar10";

    // The tolerances that the reference data are known to keep.
    private const double ValueTolerance = 1e-4;
    private const double GradientTolerance = 1e-5;

    public static IEnumerable<object[]> Images => ParityCase.All.Where(parity => (string)parity[0] == Network).Select(parity => new[] { parity[1] });

    [TestMethod]
    [DynamicData(nameof(Images))]
    public void Feature_map_logits_and_gradient_agree(string image)
    {
        var parity = new ParityCase(Network, image);
        using DisposeScope scope = NewDisposeScope();
        using ResNet20 module = ResNet20.FromOnnx(parity.Model);
        using ImageNetwork network = ImageNetwork.FromModule(module, "layer3", 32, 32);
        LayerPass pass = network.RunFromLayer(parity.Read("input").ToTensor(), "layer3", CPU);
        Close.AreClose(parity.Read("activation").Values, pass.Activation.Floats(), ValueTolerance, "activation");
        Close.AreClose(parity.Read("logits").Values, pass.Logits.Floats(), ValueTolerance, "logits");
        Tensor gradient = autograd.grad([pass.Logits[0, parity.Target]], [pass.Activation])[0];
        Close.AreClose(parity.Read("gradient").Values, gradient.Floats(), GradientTolerance, "gradient");
    }

    [TestMethod]
    [DynamicData(nameof(Images))]
    public void Initial_weighted_and_per_channel_maps_agree(string image)
    {
        var parity = new ParityCase(Network, image);
        var context = new MLContext(seed: 1);
        IDataView view = VectorRow.View(context, [new VectorRow { Input = parity.Read("input").Values }], 3, 32, 32);
        using ResNet20 module = ResNet20.FromOnnx(parity.Model);
        using ImageNetwork network = ImageNetwork.FromModule(module, "layer3", 32, 32);
        foreach ((AbsCamOptions options, string map) in ((AbsCamOptions, string)[])[
            (new AbsCamOptions { Phase = SaliencyPhase.Initial }, "map.abscam-initial"),
            (new AbsCamOptions(), "map.abscam-final-weighted"),
            (new AbsCamOptions { Masks = MaskReading.PerChannel }, "map.abscam-final")])
        {
            using AbsCamTransformer transformer = context.Transforms.AbsCam(Explained.Map, "Input", network, options with { Target = SaliencyTarget.Class(parity.Target) }).Fit(view);
            Close.AreClose(parity.Read(map).Values, transformer.Transform(view).Maps().Single(), ValueTolerance, map);
        }
    }
}
