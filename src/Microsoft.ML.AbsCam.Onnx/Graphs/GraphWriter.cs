using Google.Protobuf;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Graphs;

/// <summary>
/// Writes an imported graph as a model file again: the steps and the weights that were accepted, and nothing else of the file
/// that they came from. So no path to other files, no function and no operator of another domain is in it.
/// </summary>
internal static class GraphWriter
{
    private const long FormatVersion = 8;
    private const long MostBytes = int.MaxValue - (1 << 20);

    /// <summary>Without what the import did not look at, such as graphs inside nodes.</summary>
    private static readonly MessageParser<NodeProto> KnownFields = NodeProto.Parser.WithDiscardUnknownFields(true);

    /// <param name="graph">The network.</param>
    /// <param name="inputs">What goes in, as the file is to state it.</param>
    /// <param name="outputs">The slots of the values to give out.</param>
    /// <param name="behind">What is written behind the network's nodes; null for nothing.</param>
    /// <param name="made">The values of <paramref name="behind"/> to give out too.</param>
    /// <exception cref="NotSupportedException">The network cannot be written.</exception>
    public static byte[] Write(OnnxGraph graph, IReadOnlyCollection<ValueInfoProto> inputs, IReadOnlyCollection<int> outputs, NodeWriter? behind = null, params ReadOnlySpan<string> made)
    {
        int[] read = [.. (behind?.Nodes ?? []).SelectMany(node => node.Input).Concat(made.ToArray()).Distinct().Where(name => graph.TrySlotOf(name, out _)).Select(graph.SlotOf)];
        IReadOnlyList<GraphStep> steps = ExecutionPlan.For(graph, [.. outputs, .. read], [.. inputs.Select(input => graph.TrySlotOf(input.Name, out int slot) ? slot : GraphStep.Absent)]).Steps;
        var written = new GraphProto { Name = "network" };
        written.Input.AddRange(inputs);
        written.Output.AddRange(outputs.Select(slot => new ValueInfoProto { Name = graph.NameOf(slot) }));
        written.Node.AddRange(steps.Select(step => Node(graph, step, written)));
        written.Output.AddRange(made.ToArray().Select(name => new ValueInfoProto { Name = name }));

        int[] weights = [.. steps.SelectMany(step => step.Reads).Concat(outputs).Concat(read).Where(graph.Constants.ContainsKey).Distinct()];
        long bytes = weights.Sum(slot => graph.Constants[slot].NumberOfElements * graph.Constants[slot].ElementSize);
        if (bytes > MostBytes)
        {
            throw new NotSupportedException($"its weights take {bytes} bytes, and a model file holds up to 2 GB");
        }

        written.Initializer.AddRange(weights.Select(slot => Weight(graph.NameOf(slot), graph.Constants[slot])));
        written.Node.AddRange(behind?.Nodes ?? []);
        written.Initializer.AddRange(behind?.Weights ?? []);
        var model = new ModelProto { IrVersion = FormatVersion, Graph = written };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = behind?.Opset ?? (steps.Count > 0 ? steps[0].Node.Opset : OnnxFile.NewestOpset) });
        return model.ToByteArray();
    }

    private static NodeProto Node(OnnxGraph graph, GraphStep step, GraphProto written)
    {
        NodeProto node = KnownFields.ParseFrom(step.Node.Proto.ToByteString());
        if (node.Attribute.Any(attribute => attribute.G is not null || attribute.T?.DataLocation == TensorProto.Types.DataLocation.External))
        {
            throw new NotSupportedException($"the node '{step.Node.Name}' ({step.Node.Operator}) carries a graph, or a weight of another file");
        }

        for (int i = 0; i < node.Input.Count; i++)
        {
            if (step.Node.ReplacedInts(i) is long[] values)
            {
                string name = $"{node.Output[0]}/input {i}";
                while (graph.TrySlotOf(name, out _))
                {
                    name += "'";
                }

                node.Input[i] = name;
                using Tensor replaced = HostValues.Of(values);
                written.Initializer.Add(Weight(name, replaced));
            }
        }

        return node;
    }

    private static TensorProto Weight(string name, Tensor value)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor held = value.detach().cpu().contiguous();
        var weight = new TensorProto { Name = name, DataType = ElementTypes.InFile(value.dtype), RawData = ByteString.CopyFrom(held.bytes) };
        weight.Dims.AddRange(value.shape);
        return weight;
    }
}
