using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Tests.Networks.Onnx.Families;
using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>A family's file while it is written in another way, with what that does to the layer and to the image.</summary>
internal sealed class Rewriting
{
    public const string Image = "image";

    private readonly OnnxModelBuilder _builder;
    private readonly Dictionary<string, long[]> _shapes;
    private int _count;

    /// <param name="family">The network.</param>
    /// <param name="shapes">The shapes of its values for one image.</param>
    public Rewriting(Family family, Dictionary<string, long[]> shapes)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(family.Write());
        _builder = new OnnxModelBuilder(model.OpsetImport[0].Version);
        _builder.Model.MergeFrom(new ModelProto { Graph = model.Graph });
        _shapes = new Dictionary<string, long[]>(shapes);
        (Pick, Family) = (family.Pick, family);
    }

    public Family Family { get; }

    /// <summary>The layer that has to be picked.</summary>
    public string Pick { get; set; }

    /// <summary>How many times as high and as wide the image has become.</summary>
    public int Scale { get; set; } = 1;

    /// <summary>Whether the network wants the channels in reversed order.</summary>
    public bool IsFlipped { get; set; }

    /// <summary>Whether the network wants raw levels, 0 to 255.</summary>
    public bool IsRaw { get; set; }

    /// <summary>Whether height and width are left open in the file.</summary>
    public bool IsOpen { get; set; }

    public GraphProto Graph => _builder.Graph;

    public ModelProto Model => _builder.Model;

    /// <summary>Channels, height, width.</summary>
    public long[] ImageShape => _shapes[Image][1..];

    public long[] ShapeOf(string value) => _shapes[value];

    public bool IsMap(string value) => _shapes.TryGetValue(value, out long[]? shape) && shape.Length == 4;

    public NodeProto MakerOf(string value) => Graph.Node.Single(node => node.Output.Contains(value));

    /// <summary>The value before mere copies.</summary>
    public string Behind(string value) =>
        Graph.Node.SingleOrDefault(node => node.Output.Contains(value)) is { OpType: "Dropout" or "Identity" } copy ? Behind(copy.Input[0]) : value;

    /// <summary>Appends a node and gives the name of its output; nodes are put in order at the end.</summary>
    public string Node(string operation, string inputs, params (string Name, object Value)[] attributes) => NodeNamed(NewName(operation), operation, inputs, attributes);

    public string NodeNamed(string name, string operation, string inputs, params (string Name, object Value)[] attributes)
    {
        _builder.Node(operation, inputs, name, attributes);
        return name;
    }

    public string[] NodeOf(int outputs, string operation, string inputs, params (string Name, object Value)[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => NewName(operation))];
        _builder.Node(operation, inputs, string.Join(' ', names), attributes);
        return names;
    }

    public string Ints(params long[] values)
    {
        string name = NewName("sizes");
        _builder.Ints(name, values);
        return name;
    }

    public string Int(long value)
    {
        string name = Ints(value);
        Graph.Initializer[^1].Dims.Clear();
        return name;
    }

    public string Floats(long[] shape, params float[] values)
    {
        string name = NewName("floats");
        _builder.Weight(name, shape, values);
        return name;
    }

    public string Number(float value) => Floats([], value);

    public string Reshape(string value, params long[] shape) => Node("Reshape", $"{value} {Ints(shape)}");

    public string Transpose(string value, params long[] order) => Node("Transpose", value, ("perm", order));

    /// <summary>Writes something behind a value, so that all who read the value read that instead.</summary>
    public void Behind(string value, Func<string, string> write)
    {
        NodeProto[] readers = [.. Graph.Node.Where(node => node.Input.Contains(value))];
        string made = write(value);
        foreach (NodeProto reader in readers)
        {
            for (int i = 0; i < reader.Input.Count; i++)
            {
                reader.Input[i] = reader.Input[i] == value ? made : reader.Input[i];
            }
        }
    }

    /// <summary>Takes a node out and lets something else make its output.</summary>
    public void Replace(NodeProto node, Func<string> write)
    {
        string name = node.Output[0];
        Graph.Node.Remove(node);
        NodeNamed(name, "Identity", write());
    }

    /// <summary>The numbers of a weight.</summary>
    public static float[] NumbersOf(TensorProto weight) =>
        weight.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(weight.RawData.Span).ToArray() : [.. weight.FloatData];

    public byte[] ToBytes()
    {
        Sort();
        return _builder.ToBytes();
    }

    // Each node behind all whose outputs it reads; otherwise in the order in which they were written.
    private void Sort()
    {
        HashSet<string> made = [.. Graph.Node.SelectMany(node => node.Output)];
        List<NodeProto> open = [.. Graph.Node];
        Graph.Node.Clear();
        while (open.Count > 0)
        {
            NodeProto next = open.First(node => !node.Input.Any(made.Contains));
            open.Remove(next);
            made.ExceptWith(next.Output);
            Graph.Node.Add(next);
        }
    }

    private string NewName(string kind) => string.Create(CultureInfo.InvariantCulture, $"added_{kind}_{_count++}");
}
