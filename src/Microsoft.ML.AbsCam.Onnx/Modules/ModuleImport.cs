using Microsoft.ML.AbsCam.Onnx.Branches;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Messages;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Modules;

/// <summary>Imports the part of a file that a module computes.</summary>
internal static class ModuleImport
{
    /// <param name="bytes">The file's content.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <param name="options">What is asked for.</param>
    /// <exception cref="NetworkLoadException">The file cannot be imported, or costs more than the limits.</exception>
    public static ModuleWeights Load(ReadOnlyMemory<byte> bytes, string source, OnnxModuleOptions options)
    {
        var budget = new ImportBudget(options.Limits.Validated());
        OnnxFile file = OnnxFile.Parse(bytes, source);
        budget.CheckNodes(file.Graph.Node.Count, source);
        file = Part(file, source, options.Output);
        file = ShapeFolding.Fold(file, source, options.Folder, (graph, rows) => MadeUp(graph, rows, options.InputShape), budget);
        OnnxGraph graph = OnnxGraph.Load(file, source, options.Folder, budget);
        return new ModuleWeights(graph, file.Graph.Initializer.Select(weight => weight.Name), options.IsParameter);
    }

    private static OnnxFile Part(OnnxFile file, string source, string? asked)
    {
        if (asked is null)
        {
            return file;
        }

        HashSet<string> values = [.. file.Graph.Node.SelectMany(node => node.Output).Where(name => name.Length > 0)];
        string outputs = string.Join(", ", file.Graph.Output.Select(output => $"'{output.Name}'"));
        return values.Contains(asked)
            ? file with { Graph = new NeededPart(file.Graph).With([asked], keepsInputs: true) }
            : throw new NetworkLoadException($"{source}: the network has no output or value '{asked}'.{NearNames.Hint(asked, values)} Its outputs: {outputs}.");
    }

    private static Dictionary<string, Tensor> MadeUp(OnnxGraph graph, long rows, IReadOnlyList<long>? asked)
    {
        Dictionary<string, Tensor> made = new(StringComparer.Ordinal);
        foreach (GraphInput input in graph.Inputs)
        {
            long?[] sizes = graph.Inputs.Count == 1 && asked is not null ? [.. asked.Select(size => (long?)size)] : input.Dimensions ?? [null, null];
            if (sizes.Skip(1).Contains(null))
            {
                throw new NetworkLoadException(
                    $"{graph.Source}: a branch (If) or a Squeeze without axes asks for sizes of the input {input} that the file leaves open; give them as " +
                    $"{nameof(OnnxModuleOptions)}.{nameof(OnnxModuleOptions.InputShape)}, or export the network with fixed sizes.");
            }

            made[input.Name] = MadeUpNumbers.Waves([.. sizes.Select((size, axis) => axis == 0 ? rows : size!.Value)]).to(input.Type);
        }

        return made;
    }
}
