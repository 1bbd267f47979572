using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Runs a case of the ONNX project.</summary>
internal static class OnnxNodeCaseChecks
{
    public static Dictionary<string, Tensor> InputsOf(this OnnxNodeCase one, OnnxGraph graph) =>
        graph.Inputs.Zip(one.Inputs).ToDictionary(pair => pair.First.Name, pair => one.Read(Reader(one), pair.Second, pair.First.Name));

    public static void Check(this OnnxNodeCase one, double relative, double absolute)
    {
        using DisposeScope scope = NewDisposeScope();
        using OnnxGraph graph = OnnxGraph.Load(one.SettledModel, one.Name);
        Tensor[] outputs = graph.Run(one.InputsOf(graph));
        TensorProto[] expected = one.Outputs;
        Assert.HasCount(expected.Length, outputs);
        for (int i = 0; i < outputs.Length; i++)
        {
            Tensor right = one.Read(Reader(one), expected[i], graph.Outputs[i]);
            CollectionAssert.AreEqual(right.shape, outputs[i].shape, $"shape of output {i}");
            Assert.IsTrue(
                right.dtype == outputs[i].dtype || graph.Steps.Any(step => step.Node.Operator == "QuantizeLinear"),
                $"output {i} is {outputs[i].dtype}, expected {right.dtype}");
            Assert.IsTrue(
                outputs[i].to(ScalarType.Float64).allclose(right.to(ScalarType.Float64), relative, absolute, equal_nan: true),
                $"output {i} is {outputs[i].ToString(TorchSharp.TensorStringStyle.Numpy)}, expected {right.ToString(TorchSharp.TensorStringStyle.Numpy)}");
        }
    }

    private static TensorReader Reader(OnnxNodeCase one) => new(one.Name, new ExternalData(one.Name, null));
}
