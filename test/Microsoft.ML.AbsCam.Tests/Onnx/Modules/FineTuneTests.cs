using Microsoft.ML.AbsCam.Tests.Support;
using Samples.FineTuneOnnx;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Modules;

/// <summary>The sample of the importer's page, on real pictures.</summary>
[TestClass]
public sealed class FineTuneTests
{
    [TestMethod]
    [TestCategory("RealNetwork")]
    public void A_last_layer_that_begins_anew_learns_from_a_hundred_pictures()
    {
        string model = SharedData.PathOrSkip("models", "resnet20-cifar10.onnx");
        string pictures = SharedData.PathOrSkip("images", "cifar10");
        using var folder = new TemporaryFolder();
        string stateDict = Path.Combine(folder.Path, "resnet20.dat");
        (double before, double after) = FineTuneOnnx.Example(model, pictures, stateDict);
        Assert.AreEqual(0.1, before, 1e-9, "a last layer of zeros calls everything by the first class's name");
        Assert.IsGreaterThan(0.5, after, "the rows come in another order each time, and about three quarters are right");
        Assert.IsTrue(File.Exists(stateDict + ".onnx"));
    }
}
