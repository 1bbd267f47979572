using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Cascade;

/// <summary>Finds the tensors of a file that its layers learnt, also behind nodes that only lay them out or widen them.</summary>
internal sealed class OnnxWeightSearch
{
    private readonly string _source;
    private readonly Dictionary<string, TensorProto> _tensors;
    private readonly Dictionary<string, NodeProto> _makers;
    private readonly ILookup<string, NodeProto> _readers;
    private readonly HashSet<string> _taken = [];

    public OnnxWeightSearch(GraphProto graph, string source)
    {
        _source = source;
        _tensors = TensorsOf(graph);
        _makers = graph.Node.SelectMany(node => node.Output.Where(output => output.Length > 0).Select(output => (output, node))).ToDictionary(pair => pair.output, pair => pair.node, StringComparer.Ordinal);
        _readers = graph.Node.SelectMany(node => node.Input.Distinct().Select(input => (input, node))).ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
    }

    /// <summary>The tensors that a file holds, by the names of their values.</summary>
    public static Dictionary<string, TensorProto> TensorsOf(GraphProto graph) => graph.Initializer.Select(tensor => (tensor.Name, tensor))
        .Concat(graph.Node.Where(node => node.OpType == "Constant" && node.Output.Count > 0)
            .SelectMany(node => node.Attribute.Where(attribute => attribute.T is not null).Select(attribute => (node.Output[0], attribute.T))))
        .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);

    /// <param name="running">The first output of each node that a run computes, in order.</param>
    /// <returns>The layers from the last to the first. A tensor that several share belongs to the last of them.</returns>
    public IReadOnlyList<OnnxLayerWeights> Layers(IReadOnlyList<string> running)
    {
        List<OnnxLayerWeights> layers = [];
        List<(string Name, float Value)> norms = [];
        foreach (NodeProto node in running.Reverse().Where(_makers.ContainsKey).Select(output => _makers[output]))
        {
            LearntInputs inputs = OperatorRegistry.Find(node.OpType)?.Learnt ?? LearntInputs.None;
            if (inputs.Scale is not null)
            {
                norms.AddRange(Learnt(node, InputsOf(node, inputs.Scale)).Select(name => (name, 1f)));
                norms.AddRange(Learnt(node, InputsOf(node, inputs.Bias)).Select(name => (name, 0f)));
            }
            else if (Learnt(node, inputs.Weights.SelectMany(index => InputsOf(node, index))) is { Count: > 0 } drawn)
            {
                layers.Add(new OnnxLayerWeights(NameOf(node), [.. drawn, .. Learnt(node, BiasesOf(node, inputs))], norms));
                norms = [];
            }
        }

        // Norms before the first layer go with it.
        if (layers.Count > 0)
        {
            layers[^1] = layers[^1] with { Reset = [.. layers[^1].Reset, .. norms] };
        }

        return layers;
    }

    private static IEnumerable<string> InputsOf(NodeProto node, int? index) => index is int at && at < node.Input.Count ? [node.Input[at]] : [];

    /// <summary>The node's own bias, and one that is added to what it makes.</summary>
    private IEnumerable<string> BiasesOf(NodeProto node, LearntInputs inputs)
    {
        NodeProto[] readers = [.. _readers[node.Output[0]]];
        return InputsOf(node, inputs.Bias).Concat(readers is [{ OpType: "Add" } sum] ? sum.Input.Where(input => input != node.Output[0]) : []);
    }

    /// <summary>The tensors that these values come from, each once in a file's life.</summary>
    private List<string> Learnt(NodeProto node, IEnumerable<string> values)
    {
        List<string> learnt = [];
        foreach (string name in values.Select(TensorBehind).OfType<string>().Where(_taken.Add))
        {
            int type = _tensors[name].DataType;
            learnt.Add(type is ElementTypes.Float or ElementTypes.Float16 or ElementTypes.BFloat16 or ElementTypes.Double ? name : throw new NotSupportedException(
                $"{_source}: the weights of node '{NameOf(node)}' ({node.OpType}) are quantised ({ElementTypes.Name(type)}), so they cannot be drawn anew. Check the network as it was before quantisation."));
        }

        return learnt;
    }

    private string? TensorBehind(string value)
    {
        while (!_tensors.ContainsKey(value))
        {
            if (!_makers.TryGetValue(value, out NodeProto? maker) || OperatorRegistry.Find(maker.OpType) is not OperatorDefinition passing || !passing.Is(OperatorTraits.SameNumbers) || passing.Is(OperatorTraits.Borders))
            {
                return null;
            }

            value = maker.Input[0];
        }

        return value;
    }

    private static string NameOf(NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output[0];
}
