using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>Maps through the whole pipeline against those of reference implementations in PyTorch.</summary>
[TestClass]
public sealed class ParityTests
{
    private const double MapTolerance = 1e-4;

    /// <summary>Its weights divide by small numbers.</summary>
    private const double GradCamPlusPlusTolerance = 1e-3;

    private const double ProbabilityTolerance = 1e-4;

    [TestMethod]
    [DynamicData(nameof(ParityCase.All), typeof(ParityCase))]
    public void The_initial_map_is_that_of_an_independent_reproduction(string network, string image)
    {
        foreach (NetworkEngine engine in (NetworkEngine[])[NetworkEngine.OnnxRuntime, NetworkEngine.TorchSharp])
        {
            Check(network, image, new AbsCamOptions { Method = SaliencyMethod.AbsCamInitial, Engine = engine }, "map.abscam-initial");
        }
    }

    [TestMethod]
    [DynamicData(nameof(ParityCase.Masked), typeof(ParityCase))]
    public void The_weighted_final_map_is_that_of_the_formulas(string network, string image)
        => Check(network, image, new AbsCamOptions(), "map.abscam-final-weighted");

    [TestMethod]
    [DynamicData(nameof(ParityCase.MaskedAgain), typeof(ParityCase))]
    public void The_per_channel_final_map_is_that_of_the_formulas(string network, string image)
        => Check(network, image, new AbsCamOptions { Method = SaliencyMethod.AbsCamPerChannel }, "map.abscam-final");

    [TestMethod]
    [DynamicData(nameof(ParityCase.All), typeof(ParityCase))]
    public void The_neighbouring_methods_are_those_of_pytorch_grad_cam(string network, string image)
    {
        Check(network, image, new AbsCamOptions { Method = SaliencyMethod.GradCam }, "map.gradcam");
        Check(network, image, new AbsCamOptions { Method = SaliencyMethod.HiResCam }, "map.hirescam");
        Check(network, image, new AbsCamOptions { Method = SaliencyMethod.XGradCam }, "map.xgradcam");
        Check(network, image, new AbsCamOptions { Method = SaliencyMethod.LayerCam }, "map.layercam");
        Check(network, image, new AbsCamOptions { Method = SaliencyMethod.GradCamPlusPlus }, "map.gradcampp", GradCamPlusPlusTolerance);
    }

    [TestMethod]
    [DataRow("resnet20-cifar10", "cat-0003")]
    [DataRow("resnet20-cifar10", "horse-0007")]
    [DataRow("resnet20-cifar10", "ship-0011")]
    public void Score_CAM_is_that_of_the_formulas(string network, string image)
        => Check(network, image, new AbsCamOptions { Method = SaliencyMethod.ScoreCam }, "map.scorecam");

    /// <summary>
    /// The reference's Score-CAM takes the probabilities of Abs-CAM's masks, so a channel whose gradient is 0 counts there with
    /// the probability of an empty image, and here with that of its own mask. ResNet-20 has no such channel.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(ParityCase.All), typeof(ParityCase))]
    public void The_sum_of_scored_maps_is_that_of_the_reference(string network, string image)
    {
        var parity = new ParityCase(network, image);
        using DisposeScope scope = NewDisposeScope();
        Npy maps = parity.Read("activation");
        Npy expected = parity.Read("map.scorecam");
        Tensor activation = maps.ToTensor().reshape([1, .. maps.Shape.TakeLast(3)]);
        Tensor probabilities = parity.Read("masked-probability").ToTensor().unsqueeze(0);
        Tensor sum = MapMath.WeightedSum(probabilities, activation).unsqueeze(1).relu();
        Tensor map = MapMath.Normalize(MapMath.Upsample(sum, expected.Shape[0], expected.Shape[1])).Maps;
        Close.AreClose(expected.Values, map.Floats(), MapTolerance, "map.scorecam");
    }

    [TestMethod]
    [DataRow("cat-0003")]
    [DataRow("horse-0007")]
    [DataRow("ship-0011")]
    public void Both_engines_give_the_final_maps_of_the_formulas(string image)
    {
        foreach (NetworkEngine engine in (NetworkEngine[])[NetworkEngine.OnnxRuntime, NetworkEngine.TorchSharp])
        {
            Check("resnet20-cifar10", image, new AbsCamOptions { Engine = engine }, "map.abscam-final-weighted");
            Check("resnet20-cifar10", image, new AbsCamOptions { Engine = engine, Method = SaliencyMethod.AbsCamPerChannel }, "map.abscam-final");
        }
    }

    private static void Check(string network, string image, AbsCamOptions options, string map, double tolerance = MapTolerance)
    {
        var parity = new ParityCase(network, image);
        Npy input = parity.Read("input");
        var context = new MLContext(seed: 1);
        IDataView data = VectorRow.View(context, [new VectorRow { Input = input.Values }], [.. input.Shape.Skip(1).Select(size => (int)size)]);
        using AbsCamTransformer transformer = context.Transforms
            .AbsCam(Explained.Map, "Input", parity.Opened, options with { Target = SaliencyTarget.Class(parity.Target), Columns = new() { Probability = "Probability", Status = "Status" } })
            .Fit(data);
        IDataView explained = transformer.Transform(data);

        Npy expected = parity.Read(map);
        float[] actual = explained.Maps().Single();
        Assert.AreEqual("Ok", explained.GetColumn<string>("Status").Single());
        Assert.AreEqual(parity.Probability, explained.GetColumn<float>("Probability").Single(), ProbabilityTolerance);
        Close.AreClose(expected.Values, actual, tolerance, map);
    }
}
