using System.Globalization;

namespace Microsoft.ML.AbsCam.Onnx.Nodes;

/// <summary>What is left of the work that one import may do.</summary>
internal sealed class ImportBudget(OnnxImportLimits limits)
{
    private double _spent;

    /// <summary>
    /// How often what runs now will be run in all: the first run counts for those that follow it, which then count nothing, so
    /// that a file that costs too much is known by a part of it.
    /// </summary>
    public int Repeats { get; set; } = 1;

    /// <summary>Multiply-adds so far.</summary>
    public double Spent => _spent;

    /// <summary>Whether a node was refused for its work.</summary>
    public bool IsExceeded => !(_spent <= limits.MostMultiplyAdds);

    /// <exception cref="NetworkLoadException">There are more than the limit.</exception>
    public void CheckNodes(int nodes, string source)
    {
        if (nodes > limits.MostNodes)
        {
            throw new NetworkLoadException(string.Create(
                CultureInfo.InvariantCulture,
                $"{source}: the file has {nodes:N0} nodes; at most {limits.MostNodes:N0} are imported. If the network is meant to be that large, raise {nameof(OnnxImportLimits)}.{nameof(OnnxImportLimits.MostNodes)} (in the command --max-nodes); else simplify it before the import."));
        }
    }

    /// <summary>Called before a node runs; null where there is none on the way.</summary>
    /// <exception cref="NetworkLoadException">With this node the work would be more than the limit.</exception>
    public void Spend(OnnxNode? node, double work)
    {
        work *= Repeats;
        _spent += work;
        if (node is not null && IsExceeded)
        {
            throw node.Error(string.Create(
                CultureInfo.InvariantCulture,
                $"with it the import would take {_spent:N0} multiply-adds ({work:N0} of them here); at most {limits.MostMultiplyAdds:N0} are done. If the network is meant to be that large, raise {nameof(OnnxImportLimits)}.{nameof(OnnxImportLimits.MostMultiplyAdds)} (in the command --max-work); else take a smaller image, or the file is damaged."));
        }
    }
}
