using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using static Microsoft.ML.AbsCam.Onnx.Format.AttributeProto.Types;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Writes small ONNX models for tests, right ones and wrong ones.</summary>
internal sealed class OnnxModelBuilder
{
    private const int Float = 1;
    private readonly ModelProto _model;

    public OnnxModelBuilder(long opset = 13)
    {
        _model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "test" } };
        _model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
    }

    public GraphProto Graph => _model.Graph;

    public ModelProto Model => _model;

    /// <param name="name">The input's name.</param>
    /// <param name="shape">A size of 0 or less is left open.</param>
    public OnnxModelBuilder Input(string name, params long[] shape)
    {
        Graph.Input.Add(Info(name, shape));
        return this;
    }

    /// <summary>Gives the last input another element type, by the format's number.</summary>
    public OnnxModelBuilder OfType(int elementType)
    {
        Graph.Input[^1].Type.TensorType.ElemType = elementType;
        return this;
    }

    public OnnxModelBuilder Output(string name, params long[] shape)
    {
        Graph.Output.Add(Info(name, shape));
        return this;
    }

    public OnnxModelBuilder Weight(string name, long[] shape, params float[] values)
    {
        TensorProto weight = new() { Name = name, DataType = Float };
        weight.Dims.AddRange(shape);
        weight.FloatData.AddRange(values);
        Graph.Initializer.Add(weight);
        return this;
    }

    /// <summary>A weight of reproducible numbers between -1 and 1.</summary>
    public OnnxModelBuilder Weight(string name, params long[] shape) =>
        Weight(name, shape, Numbers(shape, name.Sum(letter => letter)));

    public OnnxModelBuilder Texts(string name, params string[] texts)
    {
        TensorProto weight = new() { Name = name, DataType = 8 };
        weight.Dims.Add(texts.Length);
        weight.StringData.AddRange(texts.Select(ByteString.CopyFromUtf8));
        Graph.Initializer.Add(weight);
        return this;
    }

    public OnnxModelBuilder Ints(string name, params long[] values)
    {
        TensorProto weight = new() { Name = name, DataType = 7 };
        weight.Dims.Add(values.Length);
        weight.Int64Data.AddRange(values);
        Graph.Initializer.Add(weight);
        return this;
    }

    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Names with spaces between; "_" leaves one out.</param>
    /// <param name="outputs">Names with spaces between; "_" leaves one out.</param>
    /// <param name="attributes">Numbers, texts and arrays of numbers.</param>
    public OnnxModelBuilder Node(string operation, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        NodeProto node = new() { OpType = operation };
        node.Input.AddRange(inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name == "_" ? "" : name));
        node.Output.AddRange(outputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name == "_" ? "" : name));
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        Graph.Node.Add(node);
        return this;
    }

    /// <summary>A node of the domain for classical learning, in which exporters write class names.</summary>
    public OnnxModelBuilder LearningNode(string operation, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        Node(operation, inputs, outputs, attributes);
        Graph.Node[^1].Domain = "ai.onnx.ml";
        return this;
    }

    /// <summary>The graph as a branch of an If, with the shapes of its outputs left open.</summary>
    public GraphProto ToBranch(params string[] outputs)
    {
        foreach (string output in outputs)
        {
            Output(output);
            Graph.Output[^1].Type.TensorType.Shape = null;
        }

        return Graph;
    }

    /// <summary>With this output and no other.</summary>
    public OnnxModelBuilder OnlyOutput(string name, params long[] shape)
    {
        Graph.Output.Clear();
        return Output(name, shape);
    }

    public byte[] ToBytes() => _model.ToByteArray();

    /// <summary>With the rank of the outputs left open, as ONNX Runtime wants it where no shape is given.</summary>
    public byte[] ToBytesWithoutOutputShapes()
    {
        foreach (ValueInfoProto output in Graph.Output)
        {
            output.Type.TensorType.Shape = null;
        }

        return ToBytes();
    }

    public static float[] Numbers(IEnumerable<long> shape, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private static ValueInfoProto Info(string name, long[] shape)
    {
        TypeProto.Types.Tensor tensor = new() { ElemType = Float, Shape = new TensorShapeProto() };
        foreach (long size in shape)
        {
            tensor.Shape.Dim.Add(size > 0
                ? new TensorShapeProto.Types.Dimension { DimValue = size }
                : new TensorShapeProto.Types.Dimension { DimParam = $"{name}_{tensor.Shape.Dim.Count}" });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        AttributeProto attribute = new() { Name = name };
        switch (value)
        {
            case int number:
                attribute.Type = AttributeType.Int;
                attribute.I = number;
                break;
            case float number:
                attribute.Type = AttributeType.Float;
                attribute.F = number;
                break;
            case float[] numbers:
                attribute.Type = AttributeType.Floats;
                attribute.Floats.AddRange(numbers);
                break;
            case string text:
                attribute.Type = AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(text);
                break;
            case long[] numbers:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            case string[] texts:
                attribute.Type = AttributeType.Strings;
                attribute.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            case GraphProto graph:
                attribute.Type = AttributeType.Graph;
                attribute.G = graph;
                break;
            case TensorProto tensor:
                attribute.Type = AttributeType.Tensor;
                attribute.T = tensor;
                break;
            default:
                throw new ArgumentException($"No attribute of {value.GetType()}.", nameof(value));
        }

        return attribute;
    }
}
