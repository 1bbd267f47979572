using Microsoft.ML.AbsCam.Onnx.Messages;
using Microsoft.ML.AbsCam.Onnx.Nodes;

namespace Microsoft.ML.AbsCam.Onnx.Graphs;

/// <summary>Puts nodes in an order in which each runs after what it reads, and refuses graphs in which that cannot be.</summary>
internal static class GraphOrder
{
    /// <param name="nodes">In the file's order, which is kept where it works.</param>
    /// <param name="given">Names of the graph's inputs and weights.</param>
    /// <param name="source">The file, for messages.</param>
    public static IReadOnlyList<OnnxNode> Sort(IReadOnlyList<OnnxNode> nodes, IEnumerable<string> given, string source)
    {
        Dictionary<string, int> producers = Producers(nodes, [.. given], source);
        int[] waitsFor = new int[nodes.Count];
        List<int>[] readers = [.. nodes.Select(_ => new List<int>())];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string input in nodes[i].Inputs.Where(input => input.Length > 0).Distinct())
            {
                if (!producers.TryGetValue(input, out int producer))
                {
                    throw nodes[i].Error($"it reads '{input}', which nothing in the network makes.{NearNames.Hint(input, producers.Keys)} The file is damaged; export it again.");
                }

                if (producer >= 0)
                {
                    waitsFor[i]++;
                    readers[producer].Add(i);
                }
            }
        }

        PriorityQueue<int, int> ready = new(Enumerable.Range(0, nodes.Count).Where(i => waitsFor[i] == 0).Select(i => (i, i)));
        List<OnnxNode> sorted = new(nodes.Count);
        while (ready.TryDequeue(out int next, out _))
        {
            sorted.Add(nodes[next]);
            foreach (int reader in readers[next])
            {
                if (--waitsFor[reader] == 0)
                {
                    ready.Enqueue(reader, reader);
                }
            }
        }

        return sorted.Count == nodes.Count
            ? sorted
            : throw nodes[Array.FindIndex(waitsFor, waits => waits > 0)].Error("it waits for its own output (the network has a cycle); the file is damaged, export it again.");
    }

    private static Dictionary<string, int> Producers(IReadOnlyList<OnnxNode> nodes, HashSet<string> given, string source)
    {
        Dictionary<string, int> producers = new(StringComparer.Ordinal);
        foreach (string name in given)
        {
            producers[name] = -1;
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string output in nodes[i].Outputs.Where(output => output.Length > 0))
            {
                if (!producers.TryAdd(output, i))
                {
                    throw nodes[i].Error($"it makes '{output}', which something else in {source} makes too; value names must be unique, export the model again.");
                }
            }
        }

        return producers;
    }
}
