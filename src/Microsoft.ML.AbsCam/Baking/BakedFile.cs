using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>A model file to which nodes and outputs are added; what is in it stays as it is.</summary>
/// <param name="model">The file.</param>
internal sealed class BakedFile(ModelProto model)
{
    /// <summary>What the names of all values begin with that baking adds, but for outputs and inputs.</summary>
    public const string Prefix = "abscam/";

    private readonly HashSet<string> _values = [.. Values(model.Graph)];

    public GraphProto Graph => model.Graph;

    public bool Has(string value) => _values.Contains(value);

    /// <summary>Whether one of the file's outputs has the name.</summary>
    public bool HasOutput(string name) => Graph.Output.Any(output => output.Name == name);

    /// <summary>The format's element type of one of the file's inputs.</summary>
    public int TypeOfInput(string name) => Graph.Input.Single(input => input.Name == name).Type.TensorType.ElemType;

    /// <summary>The name itself where no value of the file has it, else one like it.</summary>
    public string Free(string name) => Enumerable.Range(1, int.MaxValue).Select(count => count == 1 ? name : $"{name}_{count}").First(_values.Add);

    /// <summary>Leaves out what was written and none of the file's outputs is made of. The nodes that were brought into newer forms are read by the file's own.</summary>
    public void KeepRead(NodeWriter writer) => writer.KeepOnly(Graph.Output.Select(output => output.Name).Concat(Graph.Node.SelectMany(NodeWriter.Read)));

    /// <summary>The values that the nodes read and that the file's graph does not make.</summary>
    public IEnumerable<string> Missing(NodeWriter writer)
    {
        HashSet<string> known = [.. Graph.Input.Select(input => input.Name), .. Graph.Initializer.Select(weight => weight.Name), .. Graph.Node.SelectMany(node => node.Output),
            .. writer.Weights.Select(weight => weight.Name), ""];
        return Missing(writer.Nodes, known).Distinct();
    }

    private static IEnumerable<string> Missing(IReadOnlyCollection<NodeProto> nodes, IEnumerable<string> around)
    {
        HashSet<string> known = [.. around, .. nodes.SelectMany(node => node.Output)];
        return nodes.SelectMany(node => node.Input).Where(name => !known.Contains(name))
            .Concat(nodes.SelectMany(node => node.Attribute).Select(attribute => attribute.G).OfType<GraphProto>().SelectMany(body => Missing(body.Node, known.Concat(body.Input.Select(input => input.Name)))));
    }

    public void AddInput(string name, int type, params ReadOnlySpan<TensorShapeProto.Types.Dimension> shape) => Graph.Input.Add(Info(name, type, shape));

    public void AddOutput(string name, int type, params ReadOnlySpan<TensorShapeProto.Types.Dimension> shape) => Graph.Output.Add(Info(name, type, shape));

    /// <summary>More outputs, whose types and shapes follow from the graph.</summary>
    public void AddOutputs(params ReadOnlySpan<string> names) => Graph.Output.AddRange(names.ToArray().Select(name => new ValueInfoProto { Name = name }));

    /// <summary>Says something of the file that no program has to read.</summary>
    public void Say(string key, string value) => model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });

    /// <summary>Brings the file's own nodes into the forms of the operator set that the new ones are written in.</summary>
    /// <exception cref="NetworkLoadException">One has forms that are not known.</exception>
    public void Upgrade(NodeWriter writer, long from, string name)
    {
        if (from < NodeWriter.LeastOpset && new OpsetUpgrade(writer, from).Apply(Graph, operation => OperatorRegistry.Find(operation) is not null) is string unknown)
        {
            throw new NetworkLoadException($"{name}: the file uses operator set {from}, a gradient is written in set {NodeWriter.LeastOpset}, and the operator {unknown} is not known in both. Export the model with operator set {NodeWriter.LeastOpset} or later.");
        }
    }

    /// <summary>The file with the nodes behind its own.</summary>
    public byte[] With(NodeWriter writer)
    {
        Graph.Node.AddRange(writer.Nodes);
        Graph.Initializer.AddRange(writer.Weights);
        OperatorSetIdProto set = model.OpsetImport.Single(set => OnnxFile.IsStandard(set.Domain));
        set.Version = writer.Opset;
        model.IrVersion = Math.Max(model.IrVersion, FormatVersionOf(writer.Opset));
        return model.ToByteArray();
    }

    // The format's version with which each operator set came.
    private static long FormatVersionOf(long opset) => opset switch
    {
        <= 14 => 7,
        <= 18 => 8,
        <= 20 => 9,
        <= 22 => 10,
        <= 23 => 11,
        <= 24 => 12,
        _ => 13,
    };

    /// <summary>A value of this type and shape.</summary>
    public static ValueInfoProto Info(string name, int type, params ReadOnlySpan<TensorShapeProto.Types.Dimension> sizes)
    {
        var shape = new TensorShapeProto();
        foreach (TensorShapeProto.Types.Dimension size in sizes)
        {
            shape.Dim.Add(size.Clone());
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = shape } } };
    }

    // Also those of graphs inside nodes, which see the values around them and would hide new ones.
    private static IEnumerable<string> Values(GraphProto graph) =>
        graph.Input.Select(input => input.Name).Concat(graph.Initializer.Select(weight => weight.Name)).Concat(graph.Node.SelectMany(node => node.Output))
            .Concat(graph.Node.SelectMany(node => node.Attribute).Select(attribute => attribute.G).OfType<GraphProto>().SelectMany(Values));
}
