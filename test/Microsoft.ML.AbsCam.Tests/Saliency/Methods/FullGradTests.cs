using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families.Tokens;
using Microsoft.ML.AbsCam.Tests.Support;
using Microsoft.ML.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Methods;

/// <summary>FullGrad against its formula in plain loops, and by what its parts add up to.</summary>
[TestClass]
public sealed class FullGradTests
{
    private const int Target = 1;
    private const double Tolerance = 1e-4;

    [TestMethod]
    public void It_adds_up_what_the_image_and_the_biases_count_for_each_from_0_to_1()
    {
        TinyNetwork network = TinyNetwork.Rectified;
        using ImageNetwork open = network.Open();
        MethodRun run = MethodRun.Of(SaliencyMethod.FullGrad, open, Target);
        for (int row = 0; row < MethodRun.Images; row++)
        {
            float[] image = TinyNetwork.Image(row);
            double[][] maps = TinyLoops.Maps(network, [.. image.Select(value => (double)value)]);
            double[] pixels = new double[TinyNetwork.InputLength];
            double[] biases = new double[TinyNetwork.Channels * TinyLoops.Layer];
            for (int at = 0; at < biases.Length; at++)
            {
                (int k, int place) = (at / TinyLoops.Layer, at % TinyLoops.Layer);
                double gradient = maps[k][place] > 0 ? network.Weights[(k * TinyNetwork.Classes) + Target] * TinyNetwork.Sharpness / TinyLoops.Layer : 0;
                biases[at] = Math.Abs(gradient * network.Bias[k]);
                for (int tap = 0; tap < 27; tap++)
                {
                    int y = (place / TinyNetwork.MapSide * 2) - 1 + (tap / 3 % 3);
                    int x = (place % TinyNetwork.MapSide * 2) - 1 + (tap % 3);
                    if (y is >= 0 and < TinyNetwork.Side && x is >= 0 and < TinyNetwork.Side)
                    {
                        int pixel = (tap / 9 * TinyNetwork.Pixels) + (y * TinyNetwork.Side) + x;
                        pixels[pixel] += gradient * network.Kernels[(k * 27) + tap] * image[pixel];
                    }
                }
            }

            double[] shares = TinyLoops.Normalized([.. pixels.Select(Math.Abs)]);
            double[] ofBiases = TinyLoops.Normalized(biases);
            double[] sum = [.. Enumerable.Range(0, TinyNetwork.Pixels).Select(pixel => shares.Where((_, at) => at % TinyNetwork.Pixels == pixel).Sum())];
            foreach (double[] map in ofBiases.Chunk(TinyLoops.Layer))
            {
                sum = [.. sum.Zip(TinyLoops.Up(map, TinyNetwork.Side), (one, other) => one + other)];
            }

            Close.AreClose([.. TinyLoops.Normalized(sum).Select(value => (float)value)], run.Maps[row], Tolerance, $"row {row}");
            Assert.AreEqual(2, run.Forwards[row]);
        }
    }

    [TestMethod]
    public void A_network_that_takes_one_image_at_a_time_has_the_same_maps()
    {
        byte[] model = OneByOne.Of(TinyNetwork.Rectified.ToOnnx());
        using (OnnxNetwork imported = OnnxNetwork.Load(model, "network.onnx"))
        {
            Assert.IsTrue(imported.RunsRowByRow);
        }

        using ImageNetwork alone = ImageNetwork.FromOnnx(model);
        MethodRun expected = MethodRun.Of(SaliencyMethod.FullGrad, TinyNetwork.Rectified, Target);
        MethodRun run = MethodRun.Of(SaliencyMethod.FullGrad, alone, Target);
        CollectionAssert.AreEqual(expected.Status, run.Status);
        for (int row = 0; row < MethodRun.Images; row++)
        {
            Close.AreClose(expected.Maps[row], run.Maps[row], Tolerance, $"row {row}");
        }
    }

    [TestMethod]
    [TestCategory("RealNetwork")]
    public void On_a_real_network_the_parts_add_up_to_the_logit_and_without_any_one_they_do_not()
    {
        var parity = new ParityCase("resnet20-cifar10", "horse-0007");
        using ImageNetwork network = ImageNetwork.FromOnnx(parity.Model);
        using DisposeScope scope = NewDisposeScope();
        BiasPass pass = network.RunBiases(parity.Read("input").ToTensor(), CPU);
        Tensor[] parts = network.Parts(pass, outputs => outputs.narrow(1, parity.Target, 1))[0];
        double logit = pass.Outputs.detach().Floats()[parity.Target];
        Assert.AreEqual(logit, parts.Sum(part => (double)part.Floats().Sum()), 1e-3 * Math.Abs(logit));
        Tensor number = tensor(new[] { (float)logit });
        Assert.IsFalse(pass.IsIncomplete(number, parts).data<bool>()[0]);
        Assert.IsTrue(pass.IsIncomplete(number, [zeros_like(parts[0]), .. parts[1..]]).data<bool>()[0]);
        Assert.IsTrue(pass.IsIncomplete(number, [.. parts[..^1], zeros_like(parts[^1])]).data<bool>()[0]);
    }

    [TestMethod]
    public void A_network_that_is_no_such_sum_is_refused_by_name()
    {
        using ImageNetwork bent = ImageNetwork.FromOnnx(NormedNetwork.Plain());
        using ImageNetwork transformer = ImageNetwork.FromOnnx(TokenFamily.All[0].Family.Write());
        foreach (ImageNetwork network in (ImageNetwork[])[bent, transformer])
        {
            NetworkShape shape = network.Shape;
            IDataView view = VectorRow.View(new MLContext(), [new VectorRow { Input = new float[3 * shape.Height * shape.Width] }], 3, shape.Height, shape.Width);
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Transforms.AbsCam(Explained.Map, "Input", network, new AbsCamOptions { Method = SaliencyMethod.FullGrad }).Fit(view).Transform(view).Maps()).Message,
                "The method 'full-grad' adds up input and biases, and the network 'network.onnx' is no such sum: its scores are not what its input and biases add up to");
        }

        using var module = new TinyModule();
        using ImageNetwork hidden = module.Open();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => MethodRun.Of(SaliencyMethod.FullGrad, hidden, Target)).Message, "what happens within it cannot be seen");
    }

    [TestMethod]
    public void A_row_for_which_they_do_not_add_up_says_so()
    {
        // ReLU6, which only bright images reach the upper end of.
        byte[] model = new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
            .Weight("kernels", [TinyNetwork.Channels, 3, 3, 3], TinyNetwork.Rectified.Kernels).Weight("bias", [TinyNetwork.Channels], TinyNetwork.Rectified.Bias)
            .Weight("weights", [TinyNetwork.Channels, TinyNetwork.Classes], TinyNetwork.Rectified.Weights).Weight("least", [], 0).Weight("most", [], 60)
            .Node("Conv", "input kernels bias", "before", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })).Node("Clip", "before least most", "map")
            .Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat").Node("Gemm", "flat weights", "scores").Output("scores", 0, TinyNetwork.Classes).ToBytes();
        VectorRow[] rows = TinyNetwork.Rows(3);
        rows[1].Input = [.. rows[1].Input.Select(value => 100 * value)];
        using ImageNetwork network = ImageNetwork.FromOnnx(model);
        using AbsCamTransformer transformer = Explained.Transformer(new MLContext(), new AbsCamOptions { Method = SaliencyMethod.FullGrad, Columns = new() { Status = "Status" } }, network);
        Assert.AreEqual("Ok, Incomplete, Ok", string.Join(", ", transformer.Transform(TinyNetwork.View(new MLContext(), rows)).GetColumn<string>("Status")));
    }
}
