using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Demo.Training;

/// <summary>Writes the network as an ONNX file of opset 13, batch norm folded into the convolutions.</summary>
internal static class OnnxFile
{
    private const int Float = 1;

    public static void Write(SceneNetwork network, string path)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var graph = new GraphProto { Name = "scenes" };
        graph.Input.Add(Value("input", 3, DemoNetwork.InputSize, DemoNetwork.InputSize));
        graph.Output.Add(Value("logits", DemoNetwork.Classes.Count));

        var value = "input";
        foreach (var unit in network.Units)
        {
            value = AddUnit(graph, unit, value);
        }

        AddNode(graph, "pool", "GlobalAveragePool", [value], "pool");
        AddNode(graph, "flatten", "Flatten", ["pool"], "flatten", Whole("axis", 1));
        AddWeights(graph, "classifier.weight", network.Classifier.weight!);
        AddWeights(graph, "classifier.bias", network.Classifier.bias!);
        AddNode(graph, "classifier", "Gemm", ["flatten", "classifier.weight", "classifier.bias"], "logits", Whole("transB", 1));

        var model = new ModelProto { IrVersion = 7, ProducerName = "Microsoft.ML.AbsCam.Demo.Training", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });
        using var file = File.Create(path);
        model.WriteTo(file);
    }

    private static string AddUnit(GraphProto graph, ConvolutionUnit unit, string input)
    {
        var name = unit.GetName();
        var (weight, bias) = unit.Fold();
        AddWeights(graph, $"{name}.conv.weight", weight);
        AddWeights(graph, $"{name}.conv.bias", bias);
        var pad = unit.Padding;
        AddNode(
            graph,
            $"{name}.conv",
            "Conv",
            [input, $"{name}.conv.weight", $"{name}.conv.bias"],
            $"{name}.conv",
            Wholes("kernel_shape", unit.Kernel, unit.Kernel),
            Wholes("pads", pad, pad, pad, pad),
            Wholes("strides", unit.Stride, unit.Stride));
        var sum = $"{name}.conv";
        if (unit.Residual)
        {
            AddNode(graph, $"{name}.add", "Add", [sum, input], $"{name}.add");
            sum = $"{name}.add";
        }

        AddNode(graph, $"{name}.relu", "Relu", [sum], $"{name}.relu");
        return $"{name}.relu";
    }

    private static void AddNode(GraphProto graph, string name, string operation, string[] inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { Name = name, OpType = operation };
        node.Input.Add(inputs);
        node.Output.Add(output);
        node.Attribute.Add(attributes);
        graph.Node.Add(node);
    }

    private static void AddWeights(GraphProto graph, string name, Tensor values)
    {
        var bytes = MemoryMarshal.AsBytes(values.contiguous().data<float>().ToArray().AsSpan());
        var initializer = new TensorProto { Name = name, DataType = Float, RawData = ByteString.CopyFrom(bytes) };
        initializer.Dims.Add(values.shape);
        graph.Initializer.Add(initializer);
    }

    private static AttributeProto Whole(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Wholes(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    private static ValueInfoProto Value(string name, params int[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "batch" });
        shape.Dim.Add(dimensions.Select(dimension => new TensorShapeProto.Types.Dimension { DimValue = dimension }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = Float, Shape = shape } } };
    }
}
