using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Onnx.Branches;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Messages;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>
/// The part of a file that its scores may come from: its outputs, or what they rank and pack, with all that these need. Operators
/// that are not imported stop a network only where every output needs them.
/// </summary>
/// <param name="File">The file with the values as its outputs, and nothing that they do not need.</param>
/// <param name="Outputs">The outputs that can be imported.</param>
/// <param name="LeftOut">The outputs that cannot, and why.</param>
internal sealed record ScorePart(OnnxFile File, IReadOnlyList<OutputValue> Outputs, IReadOnlyList<LeftOutput> LeftOut)
{
    /// <summary>The names of all outputs of the file, whichever of them is asked for.</summary>
    public IReadOnlyList<string> All { get; init; } = [];

    /// <param name="file">The file.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="asked">The output whose scores are wanted, or a value inside the network; null for any.</param>
    /// <exception cref="NetworkLoadException">The graph does not fit together, or nothing of what is wanted can be imported.</exception>
    public static ScorePart Of(OnnxFile file, string source, string? asked)
    {
        // The whole graph has to be one, whatever is needed of it.
        GraphProto graph = file.Graph;
        OnnxNode[] nodes = [.. graph.Node.Select(node => new OnnxNode(node, source, file.Opset))];
        HashSet<string> given = [.. graph.Initializer.Select(weight => weight.Name), .. graph.Input.Select(input => input.Name)];
        GraphOrder.Sort(nodes, given, source);
        HashSet<string> values = [.. given, .. nodes.SelectMany(node => node.Outputs)];
        OutputTails tails = new(graph);
        OutputValue[] outputs = [.. Wanted(graph, source, asked, values).Select(tails.Behind)];
        foreach (string missing in outputs.Select(output => output.Value).Where(value => !values.Contains(value)))
        {
            throw new NetworkLoadException($"{source}: the network's output '{missing}' is made by nothing in it.{NearNames.Hint(missing, values)} The file is damaged; export it again.");
        }

        NeededPart part = new(graph);
        List<OutputValue> kept = [];
        List<(LeftOutput Output, NetworkLoadException Why)> left = [];
        foreach (OutputValue output in outputs)
        {
            if (Obstacle(part, file, source, output.Value) is { } why)
            {
                left.Add((new LeftOutput(output.Output, MayBeScores(graph, output), why.Message), why));
            }
            else
            {
                kept.Add(output);
            }
        }

        return kept.Count > 0
            ? new ScorePart(file with { Graph = part.With([.. kept.Select(output => output.Value).Distinct()]) }, kept, [.. left.Select(one => one.Output)]) { All = [.. graph.Output.Select(output => output.Name)] }
            : throw left[0].Why;
    }

    /// <summary>With every branch on a shape taken. What a branch hides is only known then, so what is needed is asked again.</summary>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="folder">The folder in which weights outside the file may lie.</param>
    /// <param name="shape">Channels, height and width that were asked for.</param>
    /// <param name="budget">What the runs are counted on.</param>
    public ScorePart Folded(string source, string? folder, long[]? shape, ImportBudget budget)
    {
        OnnxFile folded = ShapeFolding.Fold(File, source, folder, (graph, rows) => ImageInput.MadeUp(graph, rows, shape), budget);
        if (ReferenceEquals(folded, File))
        {
            return this;
        }

        // The values by which the outputs are known now; the tails were walked before.
        ScorePart again = Of(folded, source, null);
        OutputValue[] kept = [.. Outputs.SelectMany(output => again.Outputs.Where(value => value.Output == output.Value).Select(value => new OutputValue(output.Output, value.Value, output.Labels ?? value.Labels)))];
        return new ScorePart(again.File, kept, [.. LeftOut, .. Outputs.SelectMany(output => again.LeftOut.Where(left => left.Name == output.Value).Select(left => left with { Name = output.Output }))]) { All = All };
    }

    private static string[] Wanted(GraphProto graph, string source, string? asked, HashSet<string> values)
    {
        string[] outputs = [.. graph.Output.Select(output => output.Name)];
        if (asked is null)
        {
            return outputs.Length > 0 ? outputs : throw new NetworkLoadException($"{source}: the network names no output; expected one with the class scores.");
        }

        return values.Contains(asked)
            ? [asked]
            : throw new NetworkLoadException($"{source}: the network has no output '{asked}' to take the class scores from.{NearNames.Hint(asked, values)} Its outputs: {string.Join(", ", outputs.Select(name => $"'{name}'"))}.");
    }

    /// <summary>What keeps a value from being imported; null where nothing does.</summary>
    private static NetworkLoadException? Obstacle(NeededPart part, OnnxFile file, string source, string value)
    {
        foreach (NodeProto node in part.NodesOf([value]))
        {
            try
            {
                if (!BranchCondition.IsFoldable(node, part))
                {
                    OperatorRegistry.Accept(node, file, source);
                }
            }
            catch (NetworkLoadException e)
            {
                return e;
            }
        }

        return null;
    }

    // Real numbers, or numbers of which the file does not say what they are, and no more than one axis besides the batch.
    private static bool MayBeScores(GraphProto graph, OutputValue output)
    {
        TypeProto.Types.Tensor? stated = graph.Output.FirstOrDefault(info => info.Name == output.Output)?.Type?.TensorType;
        return output.Ranks || stated is null
            || (ElementTypes.InMemory(stated.ElemType) is null or TorchSharp.torch.ScalarType.Float32 or TorchSharp.torch.ScalarType.Float64 && stated.ElemType != ElementTypes.Text
                && (stated.Shape is null || stated.Shape.Dim.Skip(1).Count(size => size.DimValue != 1) <= 1));
    }
}
