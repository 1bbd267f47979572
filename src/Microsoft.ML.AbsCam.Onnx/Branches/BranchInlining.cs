using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Branches;

/// <summary>Puts the nodes and weights of the branch that is taken in the place of its If; the other branch is dropped.</summary>
internal sealed class BranchInlining
{
    private readonly OnnxFile _file;
    private readonly string _source;
    private readonly GraphProto _target;
    private readonly FreshNames _names;

    /// <param name="file">The file that the Ifs are of.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="target">Takes the nodes and weights.</param>
    /// <param name="names">Names that nothing in the file has.</param>
    public BranchInlining(OnnxFile file, string source, GraphProto target, FreshNames names)
        => (_file, _source, _target, _names) = (file, source, target, names);

    /// <exception cref="NetworkLoadException">The If is not as the format says.</exception>
    public void Take(NodeProto node, Tensor condition)
    {
        OnnxNode named = new(node, _source, _file.Opset);
        if (condition.numel() != 1)
        {
            throw named.Error($"its condition has {condition.numel()} values; expected one. The file is damaged, export it again.");
        }

        string side = HostValues.Doubles(condition)[0] != 0 ? "then_branch" : "else_branch";
        GraphProto branch = named.Attributes.Graph(side) ?? throw named.Error($"its {side} is missing; the file is damaged, export it again.");
        if (branch.Output.Count < node.Output.Count || branch.SparseInitializer.Count > 0)
        {
            throw named.Error($"its {side} gives {branch.Output.Count} values and has {branch.SparseInitializer.Count} sparse weights; expected {node.Output.Count} and none. Export the model again.");
        }

        Dictionary<string, string> renamed = new(StringComparer.Ordinal);
        foreach (string own in branch.Initializer.Select(weight => weight.Name).Concat(branch.Node.SelectMany(inner => inner.Output)).Where(own => own.Length > 0))
        {
            renamed[own] = _names.Like(own);
        }

        // What the branch makes takes the name that readers of the If know it by, and is handed on where it cannot.
        HashSet<string> made = [.. branch.Node.SelectMany(inner => inner.Output)];
        List<NodeProto> handedOn = [];
        for (int i = 0; i < node.Output.Count; i++)
        {
            string inner = branch.Output[i].Name;
            if (node.Output[i].Length > 0 && made.Remove(inner))
            {
                renamed[inner] = node.Output[i];
            }
            else if (node.Output[i].Length > 0)
            {
                handedOn.Add(new NodeProto { OpType = "Identity", Name = named.Name, Input = { inner }, Output = { node.Output[i] } });
            }
        }

        foreach (TensorProto weight in branch.Initializer)
        {
            TensorProto own = weight.Clone();
            own.Name = renamed[weight.Name];
            _target.Initializer.Add(own);
        }

        _target.Node.AddRange(branch.Node.Concat(handedOn).Select(inner => Renamed(inner, renamed)));
    }

    private static NodeProto Renamed(NodeProto node, Dictionary<string, string> names)
    {
        NodeProto copy = node.Clone();
        for (int i = 0; i < copy.Input.Count; i++)
        {
            copy.Input[i] = names.GetValueOrDefault(copy.Input[i], copy.Input[i]);
        }

        for (int i = 0; i < copy.Output.Count; i++)
        {
            copy.Output[i] = names.GetValueOrDefault(copy.Output[i], copy.Output[i]);
        }

        foreach (GraphProto inner in copy.Attribute.Select(attribute => attribute.G).OfType<GraphProto>())
        {
            RenameInside(inner, names);
        }

        return copy;
    }

    // Graphs inside read the branch's values by name. A name of their own hides one of the branch's.
    private static void RenameInside(GraphProto inner, Dictionary<string, string> names)
    {
        Dictionary<string, string> visible = new(names, StringComparer.Ordinal);
        foreach (string own in inner.Initializer.Select(weight => weight.Name).Concat(inner.Input.Select(input => input.Name)).Concat(inner.Node.SelectMany(node => node.Output)))
        {
            visible.Remove(own);
        }

        NodeProto[] nodes = [.. inner.Node.Select(node => Renamed(node, visible))];
        inner.Node.Clear();
        inner.Node.AddRange(nodes);
        foreach (ValueInfoProto output in inner.Output)
        {
            output.Name = visible.GetValueOrDefault(output.Name, output.Name);
        }
    }
}
