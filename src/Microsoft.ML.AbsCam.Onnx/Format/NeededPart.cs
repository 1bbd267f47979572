namespace Microsoft.ML.AbsCam.Onnx.Format;

/// <summary>What values of a graph need of it: nodes that are computed for them, also through graphs inside nodes, and what those read.</summary>
internal sealed class NeededPart
{
    private readonly GraphProto _graph;
    private readonly HashSet<string> _inputs;
    private readonly Dictionary<string, int> _makers = new(StringComparer.Ordinal);

    public NeededPart(GraphProto graph)
    {
        _graph = graph;

        // Until version 4 of the format a weight had to be listed as an input too.
        _inputs = [.. graph.Input.Select(input => input.Name).Except(graph.Initializer.Select(weight => weight.Name))];
        for (int i = 0; i < graph.Node.Count; i++)
        {
            foreach (string output in graph.Node[i].Output.Where(output => output.Length > 0))
            {
                _makers[output] = i;
            }
        }
    }

    /// <summary>The node that makes a value; null for an input or a weight.</summary>
    public NodeProto? MakerOf(string value) => _makers.TryGetValue(value, out int maker) ? _graph.Node[maker] : null;

    /// <summary>The values that a node reads, with those that graphs inside it read from outside.</summary>
    public static IEnumerable<string> ReadsOf(NodeProto node) => node.Input.Concat(node.Attribute.Select(attribute => attribute.G).OfType<GraphProto>().SelectMany(FromOutside)).Where(name => name.Length > 0);

    /// <summary>The nodes that a value is computed by, in the file's order.</summary>
    /// <param name="values">The values.</param>
    /// <param name="stopsAt">Nodes whose own inputs do not count; null for none.</param>
    public IReadOnlyList<NodeProto> NodesOf(IEnumerable<string> values, Func<NodeProto, bool>? stopsAt = null) => [.. Reach(values, stopsAt).Nodes.Order().Select(i => _graph.Node[i])];

    /// <summary>Whether a value is computed from what the graph is given, and not from weights alone.</summary>
    public bool DependsOnInput(string value, Func<NodeProto, bool>? stopsAt = null) => Reach([value], stopsAt).Values.Overlaps(_inputs);

    /// <summary>The graph with these outputs and what they need: nodes, weights and inputs. An input stays where no other is needed.</summary>
    /// <param name="values">Values of the graph, as outputs of the new one.</param>
    /// <param name="keepsInputs">Whether all inputs stay.</param>
    public GraphProto With(IReadOnlyList<string> values, bool keepsInputs = false)
    {
        (HashSet<int> nodes, HashSet<string> read) = Reach(values, null);
        var part = new GraphProto { Name = _graph.Name };
        part.Node.AddRange(nodes.Order().Select(i => _graph.Node[i]));
        part.Initializer.AddRange(_graph.Initializer.Where(weight => read.Contains(weight.Name)));
        bool keepsAll = keepsInputs || !read.Overlaps(_inputs);
        part.Input.AddRange(_graph.Input.Where(input => keepsAll || read.Contains(input.Name)));
        Dictionary<string, ValueInfoProto> stated = new(StringComparer.Ordinal);
        foreach (ValueInfoProto output in _graph.Output)
        {
            stated.TryAdd(output.Name, output);
        }

        part.Output.AddRange(values.Select(value => stated.GetValueOrDefault(value) ?? new ValueInfoProto { Name = value }));
        return part;
    }

    private (HashSet<int> Nodes, HashSet<string> Values) Reach(IEnumerable<string> values, Func<NodeProto, bool>? stopsAt)
    {
        HashSet<int> nodes = [];
        HashSet<string> reached = new(StringComparer.Ordinal);
        Stack<string> open = new(values);
        while (open.TryPop(out string? value))
        {
            if (!reached.Add(value) || !_makers.TryGetValue(value, out int maker) || !nodes.Add(maker) || stopsAt?.Invoke(_graph.Node[maker]) == true)
            {
                continue;
            }

            foreach (string read in ReadsOf(_graph.Node[maker]))
            {
                open.Push(read);
            }
        }

        return (nodes, reached);
    }

    private static IEnumerable<string> FromOutside(GraphProto inner)
    {
        HashSet<string> own = [.. inner.Initializer.Select(weight => weight.Name), .. inner.Input.Select(input => input.Name), .. inner.Node.SelectMany(node => node.Output)];
        return inner.Node.SelectMany(ReadsOf).Concat(inner.Output.Select(output => output.Name)).Where(name => !own.Contains(name));
    }
}
