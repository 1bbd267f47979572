using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Demo.Training.Networks;
using Microsoft.ML.AbsCam.Onnx.Format;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training.Export;

/// <summary>An ONNX file in the making: nodes in their order, weights, one picture in, one value out.</summary>
internal sealed class OnnxGraph
{
    private const int Float = 1;
    private const int Int64 = 7;
    private const int Opset = 13;
    private readonly int _opset;
    private readonly GraphProto _graph;

    public OnnxGraph(string name, int opset = Opset)
    {
        _opset = opset;
        _graph = new GraphProto { Name = name };
        _graph.Input.Add(Value(Input, 3, DemoNetwork.InputSize, DemoNetwork.InputSize));
    }

    /// <summary>The pictures' name.</summary>
    public string Input { get; } = "input";

    /// <summary>Adds a node whose output has the node's name.</summary>
    /// <returns>The output's name.</returns>
    public string Add(string operation, string name, string[] inputs, params AttributeProto[] attributes) => Add(operation, name, name, inputs, attributes);

    public string Add(string operation, string name, string output, string[] inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { Name = name, OpType = operation };
        node.Input.Add(inputs);
        node.Output.Add(output);
        node.Attribute.Add(attributes);
        _graph.Node.Add(node);
        return output;
    }

    /// <summary>Adds a convolution; its batch norm, if it has one, is in the weights.</summary>
    public string AddConvolution(string operation, string name, string input, Tensor weight, Tensor bias, int stride, int pad) =>
        Add(
            operation,
            name,
            [input, Weights($"{name}.weight", weight), Weights($"{name}.bias", bias)],
            Wholes("kernel_shape", weight.shape[^2], weight.shape[^1]),
            Wholes("pads", pad, pad, pad, pad),
            Wholes("strides", stride, stride));

    /// <summary>Adds units one behind the other, batch norm folded into the convolutions.</summary>
    public string Add(IEnumerable<ConvolutionUnit> units, string input)
    {
        foreach (var unit in units)
        {
            var name = unit.GetName();
            var (weight, bias) = unit.Fold();
            var sum = AddConvolution("Conv", $"{name}.conv", input, weight, bias, unit.Stride, unit.Padding);
            input = Add("Relu", $"{name}.relu", [unit.Residual ? Add("Add", $"{name}.add", [sum, input]) : sum]);
        }

        return input;
    }

    /// <summary>Adds learnt numbers.</summary>
    /// <returns>Their name.</returns>
    public string Weights(string name, Tensor values)
    {
        using var noGradients = no_grad();
        var numbers = values.detach().contiguous().data<float>().ToArray();
        Rounding.ToEighteenBits(numbers);
        return Store(new TensorProto { Name = name, DataType = Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(numbers.AsSpan())) }, values.shape);
    }

    /// <summary>Adds whole numbers, such as a shape.</summary>
    /// <returns>Their name.</returns>
    public string Numbers(string name, params long[] values) =>
        Store(new TensorProto { Name = name, DataType = Int64, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) }, values.Length);

    /// <summary>Adds one whole number without axes.</summary>
    /// <returns>Its name.</returns>
    public string Index(string name, long value) => Store(new TensorProto { Name = name, DataType = Int64, RawData = ByteString.CopyFrom(BitConverter.GetBytes(value)) });

    /// <summary>Adds one number.</summary>
    /// <returns>Its name.</returns>
    public string Number(string name, float value) =>
        Store(new TensorProto { Name = name, DataType = Float, RawData = ByteString.CopyFrom(BitConverter.GetBytes(value)) });

    /// <summary>Names the output and its shape behind the batch.</summary>
    public OnnxGraph Ends(string output, params long[] shape)
    {
        _graph.Output.Add(Value(output, shape));
        return this;
    }

    public void Write(string path)
    {
        var model = new ModelProto { IrVersion = 8, ProducerName = "Microsoft.ML.AbsCam.Demo.Training", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = _opset });
        using var file = File.Create(path);
        model.WriteTo(file);
    }

    public static AttributeProto Whole(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Wholes(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    public static AttributeProto Real(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    public static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private string Store(TensorProto initializer, params long[] shape)
    {
        initializer.Dims.Add(shape);
        _graph.Initializer.Add(initializer);
        return initializer.Name;
    }

    private static ValueInfoProto Value(string name, params long[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.Add(dimensions.Select(dimension => new TensorShapeProto.Types.Dimension { DimValue = dimension }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = Float, Shape = shape } } };
    }
}
