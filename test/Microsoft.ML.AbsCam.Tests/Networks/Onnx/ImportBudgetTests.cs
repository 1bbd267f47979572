using System.Diagnostics;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx;

/// <summary>What a file asks of the machine is counted before it is done.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ImportBudgetTests
{
    // Were the work done, it would take far longer on any machine.
    [TestMethod]
    [Timeout(300_000)]
    [DataRow("a pool of 5000 x 5000", "MaxPool")]
    [DataRow("an average of 5000 x 5000, uneven pads", "AveragePool")]
    [DataRow("an image of 512 x 512, 4 convolutions of 1024 channels", "Conv")]
    public void Work_beyond_the_limit_is_refused_before_it_is_done(string model, string operation)
    {
        byte[] bytes = CostlyModel.Named(model).Write();
        NetworkLoadException e = Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(bytes, "costly.onnx").Dispose());
        StringAssert.Contains(e.Message, $"({operation}, opset 13)");
        StringAssert.Contains(e.Message, "at most 1,000,000,000,000 are done");
        StringAssert.Contains(e.Message, "--max-work");
    }

    [TestMethod]
    public void The_limits_are_those_that_are_asked_for()
    {
        byte[] bytes = CostlyModel.Chain(20);
        OnnxNetwork.Load(bytes, "chain.onnx", limits: new OnnxImportLimits { MostNodes = 24 }).Dispose();
        StringAssert.Contains(
            Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(bytes, "chain.onnx", limits: new OnnxImportLimits { MostNodes = 23 }).Dispose()).Message,
            "the file has 24 nodes; at most 23 are imported");
        StringAssert.Contains(
            Assert.ThrowsExactly<NetworkLoadException>(() => OnnxNetwork.Load(bytes, "chain.onnx", limits: new OnnxImportLimits { MostMultiplyAdds = 1_000_000 }).Dispose()).Message,
            "at most 1,000,000 are done");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ImageNetwork.FromOnnx(bytes, limits: new OnnxImportLimits { MostNodes = 0 }));
    }

    [TestMethod]
    public void A_network_counts_what_its_layers_multiply()
    {
        // Two rows of a linear layer, 64 numbers to 32; the rest of the count is for the node, and for what it reads and makes.
        OnnxModelBuilder model = new OnnxModelBuilder().Input("x", 2, 64).Weight("w", 64, 32).Node("MatMul", "x w", "y").Output("y");
        using OnnxGraph graph = OnnxGraph.Load(model.ToBytes(), "linear.onnx");
        var budget = new ImportBudget(OnnxImportLimits.Default);
        using TorchSharp.torch.Tensor input = TorchSharp.torch.zeros(2, 64);
        using TorchSharp.DisposeScope scope = TorchSharp.torch.NewDisposeScope();
        graph.Steps[0].Compute([input, graph.Constants[graph.SlotOf("w")]], budget);
        Assert.AreEqual((2 * 64 * 32) + 200_000 + (16 * ((2 * 64) + (64 * 32) + (2 * 32))), budget.Spent);
    }

    [TestMethod]
    public void Ten_times_as_many_activations_cost_far_less_than_a_hundred_times_as_much()
    {
        double few = ProcessorTime(CostlyModel.Chain(3_000), "v3000");
        double many = ProcessorTime(CostlyModel.Chain(30_000), "v30000");
        Assert.IsLessThan(40, many / few);
    }

    private static double ProcessorTime(byte[] model, string lastLayer)
    {
        using var self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        using OnnxNetwork network = OnnxNetwork.Load(model, "chain.onnx");
        self.Refresh();
        Assert.AreEqual(lastLayer, network.DefaultLayer?.Name);
        return (self.TotalProcessorTime - before).TotalSeconds;
    }
}
