using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx;

[TestClass]
public sealed class SharedNetworkTests
{
    // What PyTorch on another machine and ONNX Runtime's own kernels are known to be within.
    private const double ValueTolerance = 1e-4;
    private const double GradientTolerance = 1e-5;

    // SqueezeNet's features reach 1339, where neighbouring float32 numbers are 1.2e-4 apart: PyTorch's numbers and these are
    // each up to 1.1e-6 of the greatest away from the same network in double precision.
    private const double OfTheGreatest = 2e-6;

    private const string SqueezeNet = "squeezenet1.0";
    private const string ResNet = "resnet20-cifar10";

    [TestMethod]
    [TestCategory("RealNetwork")]
    [DataRow(SqueezeNet)]
    [DataRow(ResNet)]
    public void Logits_agree_with_OnnxRuntime_on_a_batch(string network)
    {
        byte[] file = File.ReadAllBytes(SharedData.PathOrSkip("models", network + ".onnx"));
        Npy[] images = [.. Images(network).Select(folder => Npy.Read(Path.Combine(folder, "input.npy")))];
        float[] batch = [.. images.SelectMany(image => image.Values)];
        long[] shape = [images.Length, .. images[0].Shape[1..]];

        using OnnxNetwork loaded = OnnxNetwork.Load(file, network);
        using Tensor input = tensor(batch, shape);
        using Tensor logits = loaded.Logits(input);

        Assert.IsFalse(loaded.RunsRowByRow);
        CollectionAssert.AreEqual(new long[] { images.Length, loaded.ClassCount }, logits.shape);
        Close.AreClose(OnnxRuntimeOracle.Run(file, batch, shape).Values, logits.Floats(), ValueTolerance, network);
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    [DataRow(SqueezeNet, "Concat", 512, 13)]
    [DataRow(ResNet, "Relu", 64, 8)]
    public void Activation_and_gradient_of_the_default_layer_agree_with_PyTorch(string network, string kind, int channels, int size)
    {
        using OnnxNetwork loaded = Load(network);
        FeatureLayer layer = loaded.Layers.Single(layer => layer.IsDefault);
        Assert.AreEqual((kind, channels, size, size), (layer.Operator, layer.Channels, layer.Height, layer.Width));

        foreach (string folder in Images(network))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor input = Npy.Read(Path.Combine(folder, "input.npy")).ToTensor();
            (Tensor activation, Tensor logits) = loaded.RunFromLayer(input, layer.Name);
            using Tensor score = logits[0, Target(folder)];
            Tensor gradient = autograd.grad([score], [activation])[0];

            float[] expected = Npy.Read(Path.Combine(folder, "activation.npy")).Values;
            Close.AreClose(expected, activation.Floats(), ValueTolerance + (OfTheGreatest * expected.Max()), $"activation of {folder}");
            Close.AreClose(Npy.Read(Path.Combine(folder, "logits.npy")).Values, logits.Floats(), ValueTolerance, $"logits of {folder}");
            Close.AreClose(Npy.Read(Path.Combine(folder, "gradient.npy")).Values, gradient.Floats(), GradientTolerance, $"gradient of {folder}");
        }
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    [DataRow(SqueezeNet)]
    [DataRow(ResNet)]
    public void Runs_leave_no_tensor_behind_but_their_results(string network)
    {
        using OnnxNetwork loaded = Load(network);
        using DisposeScope scope = NewDisposeScope();
        Tensor input = zeros(2, loaded.InputChannels, loaded.InputHeight, loaded.InputWidth);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (loaded.Logits(input))
        {
            Assert.AreEqual(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        (Tensor activation, Tensor logits) = loaded.RunFromLayer(input, loaded.DefaultLayer!.Name);
        Assert.AreEqual(before + 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.IsTrue(activation.requires_grad && activation.is_leaf);
        Assert.IsTrue(logits.requires_grad);
        activation.Dispose();
        logits.Dispose();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    public void Every_layer_of_ResNet_gives_the_logits_of_the_whole_network()
    {
        using OnnxNetwork loaded = Load(ResNet);
        using DisposeScope scope = NewDisposeScope();
        Tensor input = Npy.Read(Path.Combine(Images(ResNet)[0], "input.npy")).ToTensor();
        float[] expected = loaded.Logits(input).Floats();
        foreach (FeatureLayer layer in loaded.Layers.Where(layer => layer.Kind != LayerVerdict.OnePixel))
        {
            (Tensor activation, Tensor logits) = loaded.RunFromLayer(input, layer.Name);
            CollectionAssert.AreEqual(new long[] { 1, layer.Channels, layer.Height, layer.Width }, activation.shape, layer.Name);
            Close.AreClose(expected, logits.Floats(), 1e-6, layer.Name);
        }
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    public void Runs_may_overlap()
    {
        using OnnxNetwork loaded = Load(ResNet);
        Npy[] images = [.. Images(ResNet).Select(folder => Npy.Read(Path.Combine(folder, "input.npy")))];
        float[][] expected = [.. images.Select(image => Gradient(loaded, image))];
        Parallel.For(0, 24, i => Close.AreClose(expected[i % images.Length], Gradient(loaded, images[i % images.Length]), GradientTolerance, $"run {i}"));
    }

    private static float[] Gradient(OnnxNetwork loaded, Npy image)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor activation, Tensor logits) = loaded.RunFromLayer(image.ToTensor(), loaded.DefaultLayer!.Name);
        return autograd.grad([logits.max()], [activation])[0].Floats();
    }

    private static OnnxNetwork Load(string network) =>
        OnnxNetwork.Load(File.ReadAllBytes(SharedData.PathOrSkip("models", network + ".onnx")), network);

    private static string[] Images(string network) => Directory.GetDirectories(SharedData.PathOrSkip("parity", network));

    private static long Target(string folder) =>
        System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "meta.json"))).RootElement.GetProperty("target").GetInt64();
}
