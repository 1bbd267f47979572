using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static Microsoft.ML.AbsCam.Onnx.Format.TensorShapeProto.Types;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A model of one or a few operators, whose adjoint with respect to one input is written behind it; its other inputs are weights.</summary>
internal sealed class AdjointCase : IDisposable
{
    private const string Seed = "gradient of the output";

    // A corner may lie at the case's own numbers, and then another slope is as right.
    private const int Points = 3;

    private readonly OnnxGraph _graph;
    private readonly Tensor _start;
    private readonly long[] _made;
    private readonly ScalarType _type;
    private readonly byte[] _model;
    private readonly string _gradient;

    /// <param name="model">The model, in float or in double.</param>
    /// <param name="start">The input's numbers.</param>
    /// <param name="open">Whether no size is taken for known.</param>
    public AdjointCase(byte[] model, Tensor start, bool open = false)
    {
        _start = start;
        _graph = OnnxGraph.Load(model, "adjoint.onnx");
        int from = _graph.SlotOf(_graph.Inputs.Single().Name);
        int to = _graph.SlotOf(_graph.Outputs[0]);
        ExecutionPlan plan = ExecutionPlan.For(_graph, [to], [from]);
        (RunTrace trace, _) = RunTrace.Record(_graph, plan, new Dictionary<int, Tensor> { [from] = start }, start.dim() == 0 ? 1 : start.shape[0], [], new ImportBudget(OnnxImportLimits.Default));
        (_made, _type) = (trace.ShapeOf(to)!, trace.TypeOf(to)!.Value);
        var shapes = new TracedShapes(_graph, trace);
        ValueShape Shape(int slot) => open && !_graph.Constants.ContainsKey(slot) ? shapes.Of(slot) with { Varies = [.. shapes.Of(slot).Sizes.Select(_ => true)] } : shapes.Of(slot);
        var writer = new NodeWriter("adjoint/", plan.Steps[0].Node.Opset, name => name == Seed || _graph.TrySlotOf(name, out _));
        string gradient = ReversePass.Write(_graph, plan.Steps, from, to, Seed, Shape, writer);
        _gradient = gradient == Seed ? writer.Node("Identity", [Seed]) : gradient;
        _model = GraphWriter.Write(_graph, [Info(_graph.NameOf(from), start.shape, start.dtype), Info(Seed, _made, _type)], [], writer, _gradient);
    }

    /// <summary>The product of the seed and the Jacobian by the tensor library, and by the written nodes in ONNX Runtime.</summary>
    public void InRuntimeAsInTorch()
    {
        string found = "";
        for (int point = 0; point < Points; point++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor x = At(point);
            Tensor leaf = x.detach().clone().requires_grad_(true);
            Tensor seed = Wave(zeros(_made, _type), 5);
            Tensor sum = Run(leaf).mul(seed).sum();
            Assert.IsTrue(sum.requires_grad, "no gradient reaches the input");
            double[] expected = HostValues.Doubles(autograd.grad([sum], [leaf])[0]);
            double[] actual = InRuntime(x, seed);
            int worst = Enumerable.Range(0, expected.Length).FirstOrDefault(i => !(Math.Abs(expected[i] - actual[i]) <= 1e-4 * Math.Max(1, Math.Abs(expected[i]))) && !expected[i].Equals(actual[i]), -1);
            if (worst < 0 && expected.Length == actual.Length)
            {
                return;
            }

            found += FormattableString.Invariant($" {actual.ElementAtOrDefault(worst)} instead of {expected.ElementAtOrDefault(worst)} at {worst};");
        }

        Assert.Fail($"The adjoint in ONNX Runtime and the gradient:{found}");
    }

    /// <summary>The written nodes' gradient along a direction, and two values of the function; in double.</summary>
    public void AsFiniteDifferences()
    {
        const double Step = 1e-6;
        string found = "";
        for (int point = 1; point <= Points; point++)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGrad = no_grad();
            Tensor x = At(point);
            Tensor seed = Wave(zeros(_made, _type), 5);
            Tensor direction = Wave(x, 10 + point);
            double exact = InDoubles(x, seed).mul(direction).sum().item<double>();
            double Value(Tensor at) => Run(at).mul(seed).sum().item<double>();
            double measured = (Value(x.add(direction.mul(Step))) - Value(x.sub(direction.mul(Step)))) / (2 * Step);
            if (Math.Abs(exact - measured) <= 1e-5 * Math.Max(1, Math.Abs(exact)))
            {
                return;
            }

            found += FormattableString.Invariant($" {exact} beside {measured};");
        }

        Assert.Fail($"The adjoint and the differences:{found}");
    }

    public void Dispose() => _graph.Dispose();

    private Tensor Run(Tensor x) => _graph.Run(new Dictionary<string, Tensor> { [_graph.Inputs[0].Name] = x })[0];

    private Tensor At(int point) => point == 0 ? _start : _start.add(Wave(_start, point).mul(0.01));

    // ONNX Runtime computes some operators in float alone, and the importer reads no positions of uneven windows.
    private Tensor InDoubles(Tensor x, Tensor seed)
    {
        try
        {
            using OnnxGraph adjoint = OnnxGraph.Load(_model, "written.onnx");
            Dictionary<string, Tensor> given = new() { [_graph.Inputs[0].Name] = x, [Seed] = seed };
            return adjoint.Run(adjoint.Inputs.ToDictionary(input => input.Name, input => given[input.Name]))[0];
        }
        catch (NetworkLoadException)
        {
            return tensor(InRuntime(x, seed), x.shape);
        }
    }

    private double[] InRuntime(Tensor x, Tensor seed)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using InferenceSession session = new(_model, options);
        using OrtValue image = Value(x);
        using OrtValue gradient = Value(seed);
        Dictionary<string, OrtValue> given = new() { [_graph.Inputs[0].Name] = image, [Seed] = gradient };
        using RunOptions run = new();
        string[] names = [.. session.InputMetadata.Keys];
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, names, [.. names.Select(name => given[name])], [_gradient]);
        CollectionAssert.AreEqual(_start.shape, results[0].GetTensorTypeAndShape().Shape);
        return x.dtype == ScalarType.Float64 ? results[0].GetTensorDataAsSpan<double>().ToArray() : [.. results[0].GetTensorDataAsSpan<float>().ToArray().Select(value => (double)value)];
    }

    private static OrtValue Value(Tensor x) => x.dtype == ScalarType.Float64
        ? OrtValue.CreateTensorValueFromMemory(x.contiguous().data<double>().ToArray(), x.shape)
        : OrtValue.CreateTensorValueFromMemory(x.contiguous().data<float>().ToArray(), x.shape);

    private static ValueInfoProto Info(string name, long[] shape, ScalarType type)
    {
        var sizes = new TensorShapeProto();
        sizes.Dim.AddRange(shape.Select(size => new Dimension { DimValue = size }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = ElementTypes.InFile(type), Shape = sizes } } };
    }

    // Numbers between -1 and 1 that are all different and the same in every run.
    private static Tensor Wave(Tensor like, int phase) => arange(like.numel(), ScalarType.Float64).mul(0.7).add(0.3 + phase).sin().reshape(like.shape).to(like.dtype);
}
