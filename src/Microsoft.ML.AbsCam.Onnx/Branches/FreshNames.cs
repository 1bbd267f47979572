using Microsoft.ML.AbsCam.Onnx.Format;

namespace Microsoft.ML.AbsCam.Onnx.Branches;

/// <summary>Names for new values of a graph.</summary>
internal sealed class FreshNames(GraphProto graph)
{
    private readonly HashSet<string> _taken =
        [.. graph.Initializer.Select(weight => weight.Name), .. graph.Input.Select(input => input.Name), .. graph.Node.SelectMany(node => node.Output)];

    /// <summary>The name itself where it is free, else one like it.</summary>
    public string Like(string name)
    {
        string free = name;
        for (int i = 2; !_taken.Add(free); i++)
        {
            free = $"{name}/{i}";
        }

        return free;
    }
}
