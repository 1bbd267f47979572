using System.Text;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Signature;

/// <summary>A model file without its weights and attributes: what goes in, what comes out, and which nodes lie between.</summary>
internal sealed class OnnxOutline
{
    private readonly HashSet<string> _weights = new(StringComparer.Ordinal);
    private readonly GraphProto _graph = new();

    /// <summary>Whether there is a node or an output that may hold class names.</summary>
    public bool MayNameClasses =>
        _graph.Node.Any(node => node.OpType is "ZipMap" or "ArrayFeatureExtractor" or "LabelEncoder")
        || _graph.Output.Any(output => output.Type?.TensorType?.ElemType == ElementTypes.Text);

    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public static OnnxOutline Read(ReadOnlySpan<byte> file)
    {
        var outline = new OnnxOutline();
        var model = new WireFields(file);
        while (model.MoveNext())
        {
            if (model.Number == ModelProto.GraphFieldNumber)
            {
                outline.ReadGraph(model.Content);
            }
        }

        return outline;
    }

    /// <summary>What goes in. Old files list their weights among the inputs.</summary>
    /// <exception cref="NetworkLoadException">An input is no tensor.</exception>
    public IReadOnlyList<GraphInput> Inputs() => [.. _graph.Input.Where(input => !_weights.Contains(input.Name)).Select(input => GraphInput.Of(input, ""))];

    /// <summary>The one output, where it holds real numbers itself and nothing else is asked for; else null.</summary>
    /// <param name="asked">The output that is asked for; null for the file's own.</param>
    public GraphInput? OnlyScores(string? asked) =>
        _graph.Output is [ValueInfoProto only] && (asked is null || asked == only.Name) && !new OutputTails(_graph).Behind(only.Name).Ranks
        && only.Type?.TensorType?.ElemType is ElementTypes.Float or ElementTypes.Float16 or ElementTypes.BFloat16 or ElementTypes.Double
            ? GraphInput.Of(_graph.Output[0], "")
            : null;

    private void ReadGraph(ReadOnlySpan<byte> message)
    {
        var graph = new WireFields(message);
        while (graph.MoveNext())
        {
            switch (graph.Number)
            {
                case GraphProto.NodeFieldNumber:
                    _graph.Node.Add(Node(graph.Content));
                    break;
                case GraphProto.InputFieldNumber:
                    _graph.Input.Add(ValueInfoProto.Parser.ParseFrom(graph.Content));
                    break;
                case GraphProto.OutputFieldNumber:
                    _graph.Output.Add(ValueInfoProto.Parser.ParseFrom(graph.Content));
                    break;
                case GraphProto.InitializerFieldNumber:
                    _weights.Add(NameOf(graph.Content));
                    break;
            }
        }
    }

    private static NodeProto Node(ReadOnlySpan<byte> message)
    {
        var node = new NodeProto();
        var fields = new WireFields(message);
        while (fields.MoveNext())
        {
            switch (fields.Number)
            {
                case NodeProto.InputFieldNumber:
                    node.Input.Add(Encoding.UTF8.GetString(fields.Content));
                    break;
                case NodeProto.OutputFieldNumber:
                    node.Output.Add(Encoding.UTF8.GetString(fields.Content));
                    break;
                case NodeProto.OpTypeFieldNumber:
                    node.OpType = Encoding.UTF8.GetString(fields.Content);
                    break;
                case NodeProto.DomainFieldNumber:
                    node.Domain = Encoding.UTF8.GetString(fields.Content);
                    break;
            }
        }

        return node;
    }

    private static string NameOf(ReadOnlySpan<byte> message)
    {
        var weight = new WireFields(message);
        while (weight.MoveNext())
        {
            if (weight.Number == TensorProto.NameFieldNumber)
            {
                return Encoding.UTF8.GetString(weight.Content);
            }
        }

        return "";
    }
}
