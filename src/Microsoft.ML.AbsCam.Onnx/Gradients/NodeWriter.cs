using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Onnx.Gradients;

/// <summary>
/// Writes nodes of the standard operators behind those of a graph, in the form that operator sets from <see cref="LeastOpset"/> on share, or that the
/// one it is told wants. Their values have names that nothing else of the graph has.
/// </summary>
/// <param name="prefix">What the names of all new values begin with.</param>
/// <param name="opset">The operator set of the graph.</param>
/// <param name="isTaken">Whether a value of the graph has this name.</param>
internal sealed partial class NodeWriter(string prefix, long opset, Func<string, bool> isTaken)
{
    /// <summary>The oldest operator set whose forms are written.</summary>
    public const long LeastOpset = 13;

    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>What was written so far, each node behind those that it reads from.</summary>
    public List<NodeProto> Nodes { get; } = [];

    /// <summary>The constants that the nodes read.</summary>
    public List<TensorProto> Weights { get; } = [];

    /// <summary>The adjoints that were written, from the score to the layer.</summary>
    public List<WrittenAdjoint> Adjoints { get; } = [];

    /// <summary>The operator set that the graph and these nodes have together.</summary>
    public long Opset { get; private set; } = Math.Max(opset, LeastOpset);

    /// <summary>Writes a node of one output, and gives back the output's name.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">The values that it reads; an empty name leaves one out.</param>
    /// <param name="attributes">Whole numbers, real numbers, texts, arrays of whole numbers and graphs.</param>
    public string Node(string operation, IEnumerable<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Several(operation, inputs, 1, attributes)[0];

    /// <summary>Writes a node, and gives back the names of its outputs.</summary>
    public string[] Several(string operation, IEnumerable<string> inputs, int outputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => Fresh(operation))];
        var node = new NodeProto { OpType = operation, Name = names[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(names);
        foreach ((string name, object value) in attributes)
        {
            node.Attribute.Add(Attribute(name, value));
        }

        Nodes.Add(node);
        return names;
    }

    /// <summary>Gives a value that was written another name.</summary>
    public void Name(string value, string name) => Rename(Nodes, value, name);

    /// <summary>Leaves out the nodes and constants that none of some values is made of: a value that is read for nothing costs more than its own node, since a
    /// runtime cannot run the one that makes it and the next as one.</summary>
    public void KeepOnly(IEnumerable<string> values)
    {
        HashSet<string> read = [.. values];
        for (int i = Nodes.Count - 1; i >= 0; i--)
        {
            if (Nodes[i].Output.Any(read.Contains))
            {
                read.UnionWith(Read(Nodes[i]));
            }
            else
            {
                Nodes.RemoveAt(i);
            }
        }

        Weights.RemoveAll(weight => !read.Contains(weight.Name));
    }

    /// <summary>Asks for an operator set of at least this number.</summary>
    public void Need(long version) => Opset = Math.Max(Opset, version);

    /// <summary>Whole numbers, as a vector.</summary>
    public string Ints(params ReadOnlySpan<long> values) => Constant(ElementTypes.Int64, [values.Length], MemoryMarshal.AsBytes(values));

    /// <summary>One whole number, without axes.</summary>
    public string Int(long value) => Constant(ElementTypes.Int64, [], MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));

    /// <summary>One real number, without axes.</summary>
    /// <param name="value">The number.</param>
    /// <param name="type">The format's element type, float or double.</param>
    public string Real(double value, int type) => Reals([value], [], type);

    /// <summary>Real numbers of some shape.</summary>
    /// <param name="values">The numbers, the last axis first.</param>
    /// <param name="shape">How they lie.</param>
    /// <param name="type">The format's element type, float or double.</param>
    public string Reals(ReadOnlySpan<double> values, long[] shape, int type)
    {
        if (type == ElementTypes.Double)
        {
            return Constant(type, shape, MemoryMarshal.AsBytes(values));
        }

        float[] narrow = new float[values.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            narrow[i] = (float)values[i];
        }

        return Constant(type, shape, MemoryMarshal.AsBytes<float>(narrow));
    }

    /// <summary>A name that no value has.</summary>
    public string Fresh(string of)
    {
        string name;
        do
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{of}_{_count++}");
        }
        while (isTaken(name));
        return name;
    }

    private string Constant(int type, long[] shape, ReadOnlySpan<byte> bytes)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{type} {string.Join(',', shape)} {Convert.ToHexString(bytes)}");
        if (_constants.TryGetValue(key, out string? known))
        {
            return known;
        }

        string name = Fresh("constant");
        var weight = new TensorProto { Name = name, DataType = type, RawData = ByteString.CopyFrom(bytes) };
        weight.Dims.AddRange(shape);
        Weights.Add(weight);
        return _constants[key] = name;
    }

    /// <summary>The values that a node reads, with those around it that graphs inside it see.</summary>
    public static IEnumerable<string> Read(NodeProto node) =>
        node.Input.Concat(node.Attribute.Select(attribute => attribute.G).OfType<GraphProto>().SelectMany(body => body.Node.SelectMany(Read).Concat(body.Output.Select(output => output.Name))));

    private static void Rename(IEnumerable<NodeProto> nodes, string value, string name)
    {
        foreach (NodeProto node in nodes)
        {
            Rename(node.Input, value, name);
            Rename(node.Output, value, name);
            foreach (GraphProto body in node.Attribute.Select(attribute => attribute.G).OfType<GraphProto>())
            {
                Rename(body.Node, value, name);
            }
        }
    }

    private static void Rename(Google.Protobuf.Collections.RepeatedField<string> names, string value, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            names[i] = names[i] == value ? name : names[i];
        }
    }

    public static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int or long or bool:
                attribute.Type = AttributeProto.Types.AttributeType.Int;
                attribute.I = Convert.ToInt64(value, CultureInfo.InvariantCulture);
                break;
            case float or double:
                attribute.Type = AttributeProto.Types.AttributeType.Float;
                attribute.F = Convert.ToSingle(value, CultureInfo.InvariantCulture);
                break;
            case string text:
                attribute.Type = AttributeProto.Types.AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(text);
                break;
            case long[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            case GraphProto graph:
                attribute.Type = AttributeProto.Types.AttributeType.Graph;
                attribute.G = graph;
                break;
            case AttributeProto known:
                attribute = known.Clone();
                break;
            default:
                throw new ArgumentException($"An attribute cannot hold {value.GetType().Name}.", nameof(value));
        }

        return attribute;
    }
}
