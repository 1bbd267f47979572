using System.Globalization;
using Google.Protobuf.Collections;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>
/// Walks from a graph's outputs back over what only ranks, names or packs scores (ArgMax, TopK, ZipMap, ArrayFeatureExtractor,
/// LabelEncoder), to the value that is ranked; and collects the class names that lie on the way.
/// </summary>
internal sealed class OutputTails
{
    private const string MachineLearning = "ai.onnx.ml";

    private readonly Dictionary<string, NodeProto> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _texts = new(StringComparer.Ordinal);

    public OutputTails(GraphProto graph)
    {
        foreach (TensorProto weight in graph.Initializer.Where(weight => weight.DataType == ElementTypes.Text))
        {
            _texts[weight.Name] = weight;
        }

        foreach (NodeProto node in graph.Node)
        {
            foreach (string output in node.Output)
            {
                _makers[output] = node;
            }

            if (node is { OpType: "Constant", Output.Count: > 0 } && node.Attribute.FirstOrDefault(attribute => attribute.T?.DataType == ElementTypes.Text) is { } text)
            {
                _texts[node.Output[0]] = text.T;
            }
        }
    }

    /// <summary>What an output ranks, names or packs, and the class names that it does it with; the output itself where it is none of these.</summary>
    public OutputValue Behind(string output)
    {
        (string value, string scores) = (output, output);
        IReadOnlyList<string>? labels = null;
        bool ranksLeast = false;
        HashSet<NodeProto> seen = new(ReferenceEqualityComparer.Instance);
        while (_makers.TryGetValue(value, out NodeProto? node) && seen.Add(node))
        {
            if (Ranked(node) is string ranked)
            {
                labels ??= LabelsOf(node);
                ranksLeast |= TakesLeast(node);
                (value, scores) = (ranked, ranked);
            }
            else if (OnnxFile.IsStandard(node.Domain) && OperatorRegistry.Find(node.OpType) is { } definition && definition.Is(OperatorTraits.SameNumbers) && !definition.Is(OperatorTraits.Borders) && node.Input.Count > 0)
            {
                value = node.Input[0];
            }
            else
            {
                break;
            }
        }

        return new OutputValue(output, scores, labels) { RanksLeast = ranksLeast };
    }

    private string? Ranked(NodeProto node) => (node.Domain, node.OpType) switch
    {
        (MachineLearning, "ZipMap" or "LabelEncoder") => Input(node, 0),
        (MachineLearning, "ArrayFeatureExtractor") => Input(node, IsText(node) ? 1 : 0),
        (_, "ArgMax" or "ArgMin" or "TopK") when OnnxFile.IsStandard(node.Domain) => Input(node, 0),
        (_, "Gather") when OnnxFile.IsStandard(node.Domain) && IsText(node) => Input(node, 1),
        _ => null,
    };

    private static bool TakesLeast(NodeProto node) =>
        node.OpType == "ArgMin" || (node.OpType == "TopK" && node.Attribute.Any(attribute => attribute is { Name: "largest", I: 0 }));

    private static string? Input(NodeProto node, int index) => index < node.Input.Count && node.Input[index].Length > 0 ? node.Input[index] : null;

    private bool IsText(NodeProto node) => node.Input.Count > 0 && _texts.ContainsKey(node.Input[0]);

    private string[]? LabelsOf(NodeProto node)
    {
        AttributeProto? Attribute(string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
        if (IsText(node))
        {
            return [.. _texts[node.Input[0]].StringData.Select(text => text.ToStringUtf8())];
        }

        if (node.OpType == "ZipMap")
        {
            return Attribute("classlabels_strings") is { Strings.Count: > 0 } texts
                ? [.. texts.Strings.Select(text => text.ToStringUtf8())]
                : Numbers(Attribute("classlabels_int64s")?.Ints);
        }

        // Positions to names; other keys would name something else than a place among the scores.
        return node.OpType == "LabelEncoder" && Attribute("keys_int64s")?.Ints is { Count: > 0 } keys && Attribute("values_strings") is { } values
            && values.Strings.Count == keys.Count && keys.Order().SequenceEqual(Enumerable.Range(0, keys.Count).Select(i => (long)i))
            ? [.. keys.Zip(values.Strings).OrderBy(pair => pair.First).Select(pair => pair.Second.ToStringUtf8())]
            : null;
    }

    // Numbers that only count the classes name nothing.
    private static string[]? Numbers(RepeatedField<long>? numbers) =>
        numbers is { Count: > 0 } && !numbers.SequenceEqual(Enumerable.Range(0, numbers.Count).Select(i => (long)i))
            ? [.. numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))]
            : null;
}
