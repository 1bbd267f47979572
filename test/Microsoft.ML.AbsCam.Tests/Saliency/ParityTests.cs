using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Saliency;

/// <summary>Maps through the whole pipeline against those of reference implementations in PyTorch.</summary>
[TestClass]
public sealed class ParityTests
{
    private const double MapTolerance = 1e-4;
    private const double ProbabilityTolerance = 1e-4;

    [TestMethod]
    [DynamicData(nameof(ParityCase.All), typeof(ParityCase))]
    public void The_initial_map_is_that_of_an_independent_reproduction(string network, string image)
        => Check(network, image, new AbsCamOptions { Phase = SaliencyPhase.Initial }, "map.abscam-initial");

    [TestMethod]
    [DynamicData(nameof(ParityCase.All), typeof(ParityCase))]
    public void The_weighted_final_map_is_that_of_the_formulas(string network, string image)
        => Check(network, image, new AbsCamOptions(), "map.abscam-final-weighted");

    [TestMethod]
    [DynamicData(nameof(ParityCase.All), typeof(ParityCase))]
    public void The_per_channel_final_map_is_that_of_the_formulas(string network, string image)
        => Check(network, image, new AbsCamOptions { Masks = MaskReading.PerChannel }, "map.abscam-final");

    private static void Check(string network, string image, AbsCamOptions options, string map)
    {
        var parity = new ParityCase(network, image);
        Npy input = parity.Read("input");
        var context = new MLContext(seed: 1);
        IDataView data = VectorRow.View(context, [new VectorRow { Input = input.Values }], [.. input.Shape.Skip(1).Select(size => (int)size)]);
        using AbsCamTransformer transformer = context.Transforms
            .AbsCam(Explained.Map, "Input", parity.Model, options with { Target = SaliencyTarget.Class(parity.Target), ProbabilityColumn = "Probability", StatusColumn = "Status" })
            .Fit(data);
        IDataView explained = transformer.Transform(data);

        Npy expected = parity.Read(map);
        float[] actual = explained.Maps().Single();
        Assert.AreEqual("Ok", explained.GetColumn<string>("Status").Single());
        Assert.AreEqual(parity.Probability, explained.GetColumn<float>("Probability").Single(), ProbabilityTolerance);
        Close.AreClose(expected.Values, actual, MapTolerance, map);
    }
}
