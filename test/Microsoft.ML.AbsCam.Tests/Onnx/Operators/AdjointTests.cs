using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Onnx.Weights;
using Microsoft.ML.AbsCam.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Operators;

/// <summary>The nodes that an operator's adjoint writes, run by ONNX Runtime, beside the tensor library's gradient and beside finite differences.</summary>
[TestClass]
public sealed class AdjointTests
{
    // What is refused by name, by the start of the case's name.
    private static readonly string[] Refused = ["einsum_batch_diagonal", "resize_tf_crop_and_resize", "scatternd_multiply"];

    private static readonly string[] Steps = ["Sign", "Ceil", "Floor", "Round"];

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object?[]> WithAdjoint()
    {
        object?[][] all = [.. OperatorGradientTests.Differentiable()];
        return all is [[null]] ? all : all.Where(one => HasAdjoint(OnnxNodeCase.Named((string)one[0]!)) && !IsStep(OnnxNodeCase.Named((string)one[0]!)));
    }

    /// <summary>Every third of them, or all in a long sweep.</summary>
    public static IEnumerable<object?[]> SomeWithAdjoint() => WithAdjoint().Where((_, i) => i % Sweep.Of(3, 1) == 0);

    public static IEnumerable<object?[]> OfTwo()
    {
        object?[][] all = [.. WithAdjoint()];
        return all is [[null]] ? all : all.Where(one => !((string)one[0]!).StartsWith("castlike", StringComparison.Ordinal) && OnnxNodeCase.Named((string)one[0]!).Parsed.Graph is { Node: [NodeProto], Input: { Count: > 1 } inputs }
            && inputs[1].Type.TensorType.ElemType is ElementTypes.Float or ElementTypes.Double);
    }

    [TestMethod]
    [DynamicData(nameof(WithAdjoint))]
    public void An_adjoint_in_ONNX_Runtime_is_the_gradient(string? name) => Each(name, (model, _, start) =>
    {
        if (Refused.Contains(name))
        {
            StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => new AdjointCase(model, start)).Message, "no adjoint is known where");
            return;
        }

        using AdjointCase known = new(model, start);
        known.InRuntimeAsInTorch();
    });

    [TestMethod]
    [DynamicData(nameof(SomeWithAdjoint))]
    public void An_adjoint_is_that_of_finite_differences(string? name) => Each(name, (_, wide, start) =>
    {
        if (Refused.Contains(name))
        {
            return;
        }

        using AdjointCase known = new(wide, start.to(ScalarType.Float64));
        known.AsFiniteDifferences();
    });

    [TestMethod]
    [DynamicData(nameof(OfTwo))]
    public void An_adjoint_of_the_second_input_is_the_gradient_or_refused(string? name) => Each(name, moved: 1, check: (model, _, start) =>
    {
        try
        {
            using AdjointCase known = new(model, start);
            known.InRuntimeAsInTorch();
        }
        catch (NetworkLoadException e)
        {
            StringAssert.Contains(e.Message, "no adjoint is known where");
        }
    });

    [TestMethod]
    [DynamicData(nameof(SomeWithAdjoint))]
    public void Where_no_size_is_known_an_adjoint_is_right_or_refused(string? name) => Each(name, (model, _, start) =>
    {
        try
        {
            using AdjointCase open = new(model, start, open: true);
            open.InRuntimeAsInTorch();
        }
        catch (NetworkLoadException e)
        {
            StringAssert.Contains(e.Message, "no adjoint is known where");
        }
    });

    [TestMethod]
    public void What_jumps_from_constant_to_constant_has_no_gradient()
    {
        foreach (string operation in Steps)
        {
            byte[] model = new OnnxModelBuilder().Input("x", 2, 3).Node(operation, "x", "y").Output("y", 2, 3).ToBytes();
            using Tensor start = ones(2, 3);
            StringAssert.Contains(Assert.ThrowsExactly<NetworkLoadException>(() => new AdjointCase(model, start)).Message, "no gradient reaches the layer 'x'");
        }
    }

    [TestMethod]
    public void Cases_without_an_adjoint_are_counted_by_operator()
    {
        OnnxNodeCase[] all = [.. OperatorGradientTests.Differentiable().Where(one => one[0] is not null).Select(one => OnnxNodeCase.Named((string)one[0]!))];
        if (all.Length == 0)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        TestContext.WriteLine($"{all.Count(HasAdjoint)} of {all.Length} differentiable cases have an adjoint");
        foreach (IGrouping<string, string> missing in all.SelectMany(Without).GroupBy(name => name).OrderByDescending(cases => cases.Count()))
        {
            TestContext.WriteLine($"{missing.Count(),4} {missing.Key}");
        }

        Assert.IsGreaterThan(400, all.Count(HasAdjoint));
    }

    private static bool IsStep(OnnxNodeCase one) => one.Parsed.Graph.Node is [NodeProto only] && Steps.Contains(only.OpType);

    private static bool HasAdjoint(OnnxNodeCase one) => !Without(one).Any();

    private static IEnumerable<string> Without(OnnxNodeCase one) =>
        one.Parsed.Graph.Node.Select(node => node.OpType).Distinct().Where(name => OperatorRegistry.Find(name) is { Adjoint: null, Settled.Length: 0 } definition && !definition.Is(OperatorTraits.ReadsShapeOnly) && name != "Constant");

    // One input is moved, and the others are weights, as they mostly are in networks.
    private static void Each(string? name, Action<byte[], byte[], Tensor> check, int moved = 0)
    {
        if (name is null)
        {
            Assert.Inconclusive(OnnxNodeCase.Missing);
        }

        OnnxNodeCase one = OnnxNodeCase.Named(name);
        using DisposeScope scope = NewDisposeScope();
        ModelProto model = ModelProto.Parser.ParseFrom(one.Model);
        TensorProto[] inputs = one.Inputs;
        for (int i = model.Graph.Input.Count - 1; i >= 0; i--)
        {
            if (i != moved)
            {
                model.Graph.Initializer.Add(new TensorProto(inputs[i]) { Name = model.Graph.Input[i].Name });
                model.Graph.Input.RemoveAt(i);
            }
        }

        if (one.Outputs[0].Dims.Contains(0))
        {
            return;
        }

        Tensor start = new TensorReader(name, new ExternalData(name, null)).Read(inputs[moved], "start");
        check(model.ToByteArray(), InDouble.Model(model), start);
    }
}
