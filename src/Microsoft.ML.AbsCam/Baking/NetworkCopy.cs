using Google.Protobuf.Collections;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>The part of a graph that leads from one value to another, written again with something else in the first one's place. Weights are read where they are.</summary>
internal static class NetworkCopy
{
    /// <param name="graph">The graph.</param>
    /// <param name="from">The value that is replaced.</param>
    /// <param name="by">What takes its place, a value that the writer's nodes can read.</param>
    /// <param name="to">The value that is wanted.</param>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <returns>The name of the wanted value's copy.</returns>
    /// <exception cref="NetworkLoadException">A node on the way has a graph inside.</exception>
    public static string Write(GraphProto graph, string from, string by, string to, NodeWriter writer, string source)
    {
        Dictionary<string, string> copies = new(StringComparer.Ordinal) { [from] = by };
        foreach (NodeProto node in Way(graph, from, to))
        {
            if (node.Attribute.Any(attribute => attribute.G is not null))
            {
                throw new NetworkLoadException($"{source}: the node '{node.Name}' ({node.OpType}) has a graph inside, and a method that runs the network again cannot be baked with it. Export the model without branches and loops, or take a method of one pass.");
            }

            NodeProto copy = node.Clone();
            copy.Name = writer.Fresh(node.OpType);
            Replace(copy.Input, name => copies.GetValueOrDefault(name, name));
            Replace(copy.Output, name => name.Length == 0 ? name : copies[name] = writer.Fresh(node.OpType));
            writer.Nodes.Add(copy);
        }

        return copies[to];
    }

    private static List<NodeProto> Way(GraphProto graph, string from, string to)
    {
        HashSet<string> dependent = [from];
        List<NodeProto> behind = [];
        foreach (NodeProto node in graph.Node)
        {
            if (!node.Output.Contains(from) && node.Input.Any(dependent.Contains))
            {
                dependent.UnionWith(node.Output.Where(name => name.Length > 0));
                behind.Add(node);
            }
        }

        HashSet<string> needed = [to];
        List<NodeProto> way = [];
        foreach (NodeProto node in Enumerable.Reverse(behind))
        {
            if (node.Output.Any(needed.Contains))
            {
                needed.UnionWith(node.Input);
                way.Add(node);
            }
        }

        way.Reverse();
        return way;
    }

    private static void Replace(RepeatedField<string> names, Func<string, string> by)
    {
        for (int i = 0; i < names.Count; i++)
        {
            names[i] = by(names[i]);
        }
    }
}
