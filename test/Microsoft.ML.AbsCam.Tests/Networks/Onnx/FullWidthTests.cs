using System.Diagnostics;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx;

/// <summary>
/// Networks at the width that people train them with: import, pick, one map of phase 1. VGG-11 runs with all tests, the others where
/// ABSCAM_FULL_WIDTH is set.
/// </summary>
[TestClass]
[TestCategory("FullWidth")]
public sealed class FullWidthTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void VGG_11_is_explained() => Explains(224, net => FullWidthFamilies.Vgg(net, 1, 1, 2, 2, 2), 132_863_336);

    [TestMethod]
    public void VGG_16_is_explained() => ExplainsWhereAsked(224, net => FullWidthFamilies.Vgg(net, 2, 2, 3, 3, 3), 138_357_544);

    [TestMethod]
    public void AlexNet_is_explained() => ExplainsWhereAsked(224, FullWidthFamilies.AlexNet, 61_100_840);

    [TestMethod]
    public void DenseNet_121_is_explained() => ExplainsWhereAsked(224, FullWidthFamilies.DenseNet121, 7_905_608);

    [TestMethod]
    public void ConvNeXt_T_is_explained() => ExplainsWhereAsked(224, FullWidthFamilies.ConvNeXtTiny, 28_547_752);

    [TestMethod]
    public void Inception_v3_is_explained() => ExplainsWhereAsked(299, FullWidthFamilies.InceptionV3, 23_817_352);

    private void ExplainsWhereAsked(int size, Func<FullWidthNetwork, string> write, long parameters)
    {
        if (Environment.GetEnvironmentVariable("ABSCAM_FULL_WIDTH") is null)
        {
            Assert.Inconclusive("set ABSCAM_FULL_WIDTH=1 to run it");
        }

        Explains(size, write, parameters);
    }

    // The parameters are those that the network is known for, as far as they are weights: within 2 percent of it.
    private void Explains(int size, Func<FullWidthNetwork, string> write, long parameters)
    {
        using var folder = new TemporaryFolder();
        var watch = Stopwatch.StartNew();
        string path;
        using (var net = new FullWidthNetwork(folder.Path, size))
        {
            path = net.Finish(write(net));
            Assert.AreEqual(1, net.Bytes / 4.0 / parameters, 0.02);
        }

        double written = watch.Elapsed.TotalSeconds;
        using ImageNetwork network = ImageNetwork.FromOnnx(path);
        Assert.AreEqual(("last", FullWidthFamilies.Classes), (network.FindLayer(null).Name, network.Shape.ClassCount));
        Assert.IsNull(network.Remark);
        double imported = watch.Elapsed.TotalSeconds;
        var explainer = new Explainer(network, new ExplainerSettings([network.FindLayer("last")], LayerFusion.Product, SaliencyMethod.AbsCamInitial, Tolerance: default, AtLayerSize: false, PassSize: 8, new ClassQuestion(ScoreReading.Of(network)), CPU, NetworkEngine.TorchSharp));
        using Tensor image = tensor(OnnxModelBuilder.Numbers([3, size, size], 1), [1, 3, size, size]);
        Explanation explanation = explainer.Explain(image, RowAsks.Nothing, withMaps: true);
        float[] map = explanation.Maps;
        Assert.AreEqual(MapStatus.Ok, explanation.Status.Single());
        Assert.HasCount(size * size, map);
        Assert.IsGreaterThanOrEqualTo(0, map.Min());
        Assert.AreEqual(1, map.Max(), 1e-6);
        TestContext.WriteLine($"written in {written:0.0} s, imported in {imported - written:0.0} s, explained in {watch.Elapsed.TotalSeconds - imported:0.0} s");
    }
}
