using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Nodes;

/// <summary>One node of a graph: what an operator needs to know of it when the graph is imported.</summary>
internal sealed class OnnxNode
{
    private readonly string _source;
    private readonly string _domain;
    private readonly long[]?[] _constantInts;
    private readonly double?[] _constantScalars;
    private readonly HashSet<int> _replaced = [];

    public OnnxNode(NodeProto proto, string source, long opset)
    {
        _source = source;
        _domain = proto.Domain;
        Proto = proto;
        Operator = proto.OpType;
        Opset = opset;
        Inputs = [.. proto.Input];
        Outputs = [.. proto.Output];
        Name = proto.Name.Length > 0 ? proto.Name : Outputs.FirstOrDefault(output => output.Length > 0) ?? "";
        Attributes = new NodeAttributes(this, proto.Attribute);
        _constantInts = new long[]?[Inputs.Length];
        _constantScalars = new double?[Inputs.Length];
    }

    /// <summary>The node as the file has it.</summary>
    public NodeProto Proto { get; }

    public string Operator { get; }

    /// <summary>The node's own name or, where the file gives none, its first output's.</summary>
    public string Name { get; }

    public long Opset { get; }

    /// <summary>Value names; an empty name is an optional input that is left out.</summary>
    public string[] Inputs { get; }

    public string[] Outputs { get; }

    public NodeAttributes Attributes { get; }

    public bool HasInput(int index) => index < Inputs.Length && Inputs[index].Length > 0;

    public bool HasOutput(int index) => index < Outputs.Length && Outputs[index].Length > 0;

    /// <summary>The whole numbers of an input that is the same in every run; null where it is not.</summary>
    public long[]? ConstantInts(int index) => index < _constantInts.Length ? _constantInts[index] : null;

    /// <summary>The one number of an input that is the same in every run; null where it is not.</summary>
    public double? ConstantScalar(int index) => index < _constantScalars.Length ? _constantScalars[index] : null;

    /// <summary>Keeps small constants as host values, so that a run never reads them back from a tensor.</summary>
    public void RememberConstant(int index, Tensor constant)
    {
        const int Small = 64;
        long count = constant.numel();
        _constantInts[index] = count <= Small && constant.is_integral() ? HostValues.Ints(constant) : null;
        _constantScalars[index] = count == 1 ? HostValues.Doubles(constant)[0] : null;
    }

    /// <summary>Has this node alone read other numbers than the constant's.</summary>
    public void ReplaceConstantInts(int index, long[] values)
    {
        _constantInts[index] = values;
        _replaced.Add(index);
    }

    /// <summary>The numbers that this node alone reads instead of the constant's; null where it reads the constant's.</summary>
    public long[]? ReplacedInts(int index) => _replaced.Contains(index) ? _constantInts[index] : null;

    /// <summary>The type in memory of an element type that the node names.</summary>
    public ScalarType TypeOf(long elementType)
    {
        int known = elementType is >= 0 and <= int.MaxValue ? (int)elementType : 0;
        return ElementTypes.InMemory(known)
            ?? throw Error($"the element type {ElementTypes.Name((int)Math.Clamp(elementType, 0, int.MaxValue))} is not supported; expected a float, integer or bool type.");
    }

    /// <summary>The shape of an output itself where it can be allocated, the node's error where not.</summary>
    public long[] Checked(long[] shape) =>
        TensorSizes.Count(shape) is not <= TensorSizes.MostOfValue
            ? throw Error($"its output would have the shape {TensorSizes.Text(shape)}, which is negative or larger than {TensorSizes.MostOfValue} numbers; use smaller batches or images, or the file is damaged.")
            : shape;

    public NetworkLoadException Error(string problem, Exception? inner = null) =>
        new($"{_source}: node '{Name}' ({Operator}, opset {Opset}): {problem}", inner)
        {
            Operator = Operator,
            Node = Name,
            Domain = _domain,
            OpsetVersion = Opset,
        };
}
