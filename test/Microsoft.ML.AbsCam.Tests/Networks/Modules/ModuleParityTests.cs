using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Modules;

/// <summary>Modules written by hand give the tensors that PyTorch gave for the same weights.</summary>
[TestClass]
[TestCategory("RealNetwork")]
public sealed class ModuleParityTests
{
    // The tolerances that the reference data are known to keep; those of a feature map grow with its numbers.
    private const double ValueTolerance = 1e-4;
    private const double OfTheGreatest = 2e-6;
    private const double GradientTolerance = 1e-5;

    [TestMethod]
    [DynamicData(nameof(ParityCase.All), typeof(ParityCase))]
    public void Feature_map_logits_and_gradient_agree(string name, string image)
    {
        var parity = new ParityCase(name, image);
        using DisposeScope scope = NewDisposeScope();
        using ImageNetwork network = Open(parity, out nn.Module module, out string layer);
        using (module)
        {
            LayerPass pass = network.RunFromLayer(parity.Read("input").ToTensor(), layer, CPU);
            float[] activation = parity.Read("activation").Values;
            Close.AreClose(activation, pass.Activation.Floats(), ValueTolerance + (OfTheGreatest * activation.Max()), "activation");
            Close.AreClose(parity.Read("logits").Values, pass.Logits.Floats(), ValueTolerance, "logits");
            Tensor gradient = network.Gradients(pass, [[parity.Target]])[0];
            Close.AreClose(parity.Read("gradient").Values, gradient.Floats(), GradientTolerance, "gradient");
        }
    }

    [TestMethod]
    [DataRow("resnet20-cifar10", "cat-0003")]
    [DataRow("resnet20-cifar10", "horse-0007")]
    [DataRow("resnet20-cifar10", "ship-0011")]
    [DataRow("squeezenet1.0", "n07753592_banana")]
    public void Initial_weighted_and_per_channel_maps_agree(string name, string image)
    {
        var parity = new ParityCase(name, image);
        var context = new MLContext(seed: 1);
        Npy input = parity.Read("input");
        IDataView view = VectorRow.View(context, [new VectorRow { Input = input.Values }], [.. input.Shape.Skip(1).Select(size => (int)size)]);
        using ImageNetwork network = Open(parity, out nn.Module module, out _);
        using (module)
        {
            (AbsCamOptions, string)[] maps =
            [
                (new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial }, "map.abscam-initial"),
                (new AbsCamOptions(), "map.abscam-final-weighted"),
                (new AbsCamOptions { Method = SaliencyMethod.AbsCamPerChannel }, "map.abscam-final"),
            ];

            // A final map of SqueezeNet is 512 passes.
            foreach ((AbsCamOptions options, string map) in maps.Take(name == "squeezenet1.0" ? Sweep.Of(1, maps.Length) : maps.Length))
            {
                using AbsCamTransformer transformer = context.Transforms.AbsCam(Explained.Map, "Input", network, options with { Target = SaliencyTarget.Class(parity.Target) }).Fit(view);
                Close.AreClose(parity.Read(map).Values, transformer.Transform(view).Maps().Single(), ValueTolerance, map);
            }
        }
    }

    private static ImageNetwork Open(ParityCase parity, out nn.Module module, out string layer)
    {
        bool isResNet = parity.Network == "resnet20-cifar10";
        nn.Module<Tensor, Tensor> made = isResNet ? ResNet20.FromOnnx(parity.Model) : SqueezeNet.FromOnnx(parity.Model);
        int side = isResNet ? 32 : 224;
        module = made;
        layer = isResNet ? "layer3" : "features";
        return ImageNetwork.FromModule(made, layer, side, side);
    }
}
