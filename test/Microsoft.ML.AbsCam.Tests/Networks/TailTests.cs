using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks;

/// <summary>The network from a layer on.</summary>
[TestClass]
public sealed class TailTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    [TestCategory("RealNetwork")]
    public void With_the_layer_s_own_output_the_scores_are_those_of_the_whole_network_for_every_layer()
    {
        var parity = new ParityCase("resnet20-cifar10", "cat-0003");
        using ImageNetwork network = ImageNetwork.FromOnnx(parity.Model);
        foreach (FeatureLayer layer in network.Layers.Where(layer => layer.Kind != LayerVerdict.OnePixel))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor input = parity.Read("input").ToTensor();
            Tensor images = cat([input, input.flip(3)]);
            LayerPass pass = network.RunFromLayer(images, layer.Name, CPU, withGraph: false);
            Assert.IsFalse(pass.Logits.requires_grad || pass.Activation.requires_grad);
            Close.AreClose(pass.Logits.Floats(), network.RunTail(images, layer.Name, pass.Activation, CPU).Floats(), Tolerance, layer.Name);
        }
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    [DataRow("layer3")]
    [DataRow("layer1")]
    public void A_module_s_tail_and_an_ONNX_file_s_are_the_same(string layer)
    {
        var parity = new ParityCase("resnet20-cifar10", "ship-0011");
        using DisposeScope scope = NewDisposeScope();
        Tensor input = parity.Read("input").ToTensor();
        using var module = ResNet20.FromOnnx(parity.Model);
        using ImageNetwork network = ImageNetwork.FromModule(module, layer, 32, 32);
        LayerPass pass = network.RunFromLayer(input, layer, CPU, withGraph: false);
        Tensor without = pass.Activation.clone();
        without.select(1, 5).zero_();
        float[] replaced = network.RunTail(input, layer, without, CPU).Floats();
        Close.AreClose(pass.Logits.Floats(), network.RunTail(input, layer, pass.Activation, CPU).Floats(), Tolerance, "own output");
        Assert.AreNotEqual(pass.Logits.Floats()[0], replaced[0]);

        using ImageNetwork onnx = ImageNetwork.FromOnnx(parity.Model);
        string same = onnx.Layers.Last(candidate => (candidate.Channels, candidate.Height) == (pass.Activation.shape[1], pass.Activation.shape[2]) && candidate.Operator == "Relu").Name;
        Close.AreClose(onnx.RunTail(input, same, without, CPU).Floats(), replaced, 1e-4, same);
    }

    [TestMethod]
    public void A_layer_that_runs_twice_is_replaced_at_its_last_call()
    {
        using var module = new Twice();
        using ImageNetwork network = ImageNetwork.FromModule(module, "features", 8, 8);
        using DisposeScope scope = NewDisposeScope();
        Tensor input = tensor(TinyNetwork.Image(0), [1, 3, 8, 8]);
        Tensor other = tensor(TinyNetwork.Image(1), [1, 3, 8, 8]);
        Close.AreClose(other.mean([2, 3]).Floats(), network.RunTail(input, "features", other, CPU).Floats(), 1e-6, "scores");
    }

    [TestMethod]
    public void Rows_that_run_one_by_one_have_tails_one_by_one()
    {
        // Reshape to one row: the file works for a single image.
        byte[] model = new OnnxModelBuilder().Input("input", 1, 3, 8, 8).Weight("kernels", 4, 3, 3, 3).Weight("weights", 144, 2).Ints("row", -1).Ints("one", 1, -1)
            .Node("Conv", "input kernels", "map").Node("Reshape", "map row", "all").Node("Reshape", "all one", "flat").Node("MatMul", "flat weights", "scores").Output("scores", 1, 2).ToBytes();
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        Assert.AreEqual(2, network.Shape.ClassCount);
        Assert.IsTrue(network.FindLayer("map").Channels == 4 && network.Remark is not null, "it runs row by row");
        using DisposeScope scope = NewDisposeScope();
        Tensor images = tensor((float[])[.. TinyNetwork.Image(0), .. TinyNetwork.Image(1), .. TinyNetwork.Image(2)], [3, 3, 8, 8]);
        LayerPass pass = network.RunFromLayer(images, "map", CPU, withGraph: false);
        Close.AreClose(pass.Logits.flip(0).Floats(), network.RunTail(images.flip(0), "map", pass.Activation.flip(0), CPU).Floats(), Tolerance, "scores");
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    [DataRow("ablation-cam")]
    [DataRow("eigen-cam")]
    [DataRow("group-cam")]
    [DataRow("rise(masks=40)")]
    public void A_real_module_and_the_same_network_from_ONNX_have_the_same_map(string method)
    {
        var parity = new ParityCase("resnet20-cifar10", "horse-0007");
        var context = new MLContext(seed: 1);
        IDataView view = VectorRow.View(context, [new VectorRow { Input = parity.Read("input").Values }], 3, 32, 32);
        using var module = ResNet20.FromOnnx(parity.Model);
        using ImageNetwork tapped = ImageNetwork.FromModule(module, "layer3", 32, 32);
        using ImageNetwork imported = ImageNetwork.FromOnnx(parity.Model);
        float[][] maps = [.. new[] { tapped, imported }.Select(network =>
        {
            using AbsCamTransformer transformer = context.Transforms.AbsCam(Explained.Map, "Input", network, new AbsCamOptions { Method = SaliencyMethod.Parse(method) }).Fit(view);
            return transformer.Transform(view).Maps().Single();
        })];
        Close.AreClose(maps[0], maps[1], 1e-3, method);
    }

    private sealed class Twice : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Conv2d _features = nn.Conv2d(3, 3, 3, padding: 1);

        public Twice()
            : base(nameof(Twice)) => register_module("features", _features);

        public override Tensor forward(Tensor input) => _features.call(_features.call(input)).mean([2, 3]);
    }
}
