using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Messages;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators;
using Microsoft.ML.AbsCam.Onnx.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Graphs;

/// <summary>
/// Any ONNX graph as tensor operations: named inputs to named outputs. Values live in numbered slots; weights and whatever
/// follows from weights alone are computed once, at import. A run keeps its values to itself, so runs may overlap.
/// </summary>
internal sealed class OnnxGraph : IDisposable
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly Dictionary<int, Tensor> _constants = [];
    private readonly List<GraphStep> _steps = [];

    // While it is built: slots that weights and shapes alone settle.
    private readonly HashSet<int> _settled = [];

    private OnnxGraph(string source) => Source = source;

    /// <summary>The file, as messages name it.</summary>
    public string Source { get; }

    public IReadOnlyList<GraphInput> Inputs { get; private set; } = [];

    public IReadOnlyList<string> Outputs { get; private set; } = [];

    /// <summary>What a run computes, each step after those it reads from.</summary>
    public IReadOnlyList<GraphStep> Steps => _steps;

    public IReadOnlyDictionary<int, Tensor> Constants => _constants;

    public int SlotCount { get; private set; }

    public static OnnxGraph Load(ReadOnlyMemory<byte> bytes, string source, string? folderForExternalData = null, ImportBudget? budget = null) =>
        Load(OnnxFile.Parse(bytes, source), source, folderForExternalData, budget);

    public static OnnxGraph Load(OnnxFile file, string source, string? folderForExternalData = null, ImportBudget? budget = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        OnnxGraph graph = new(source);
        graph.Build(file, new TensorReader(source, new ExternalData(source, folderForExternalData)), budget ?? new ImportBudget(OnnxImportLimits.Default));
        scope.Detach(graph._constants.Values.ToArray<IDisposable>());
        return graph;
    }

    public int SlotOf(string name) => _slots[name];

    public string NameOf(int slot) => _names[slot];

    public bool TrySlotOf(string name, out int slot) => _slots.TryGetValue(name, out slot);

    /// <summary>Runs the whole graph; the caller owns what comes back. Gradients flow where the caller's grad mode is on.</summary>
    public Tensor[] Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor?[] values = NewValues();
        foreach (GraphInput input in Inputs)
        {
            values[SlotOf(input.Name)] = inputs.TryGetValue(input.Name, out Tensor? given)
                ? given
                : throw new ArgumentException($"The input '{input.Name}' is missing.", nameof(inputs));
        }

        int[] wanted = [.. Outputs.Select(SlotOf)];
        ExecutionPlan.For(this, wanted, [.. Inputs.Select(input => SlotOf(input.Name))]).Run(values);

        // A copy, since an output may be a weight or an input as it is.
        Tensor[] results = [.. wanted.Select(slot => values[slot]!.clone())];
        scope.MoveToOuter(results.ToArray<IDisposable>());
        return results;
    }

    /// <summary>One run's values, with the constants in place.</summary>
    public Tensor?[] NewValues()
    {
        Tensor?[] values = new Tensor?[SlotCount];
        foreach ((int slot, Tensor constant) in _constants)
        {
            values[slot] = constant;
        }

        return values;
    }

    /// <summary>Puts another tensor in the place of a constant. Whoever calls owns the one that was there.</summary>
    public void Replace(int slot, Tensor constant) => _constants[slot] = constant;

    /// <summary>Moves and converts the weights. Whole numbers stay as they are on the CPU, where shapes are computed.</summary>
    /// <param name="device">Null for where each is.</param>
    /// <param name="type">Null for the type that each has.</param>
    /// <param name="except">Slots that stay as they are; null for none.</param>
    public void To(Device? device, ScalarType? type = null, IReadOnlyCollection<int>? except = null)
    {
        foreach ((int slot, Tensor constant) in _constants.Where(entry => entry.Value.is_floating_point() && except?.Contains(entry.Key) != true).ToArray())
        {
            Tensor moved = constant.to(type ?? constant.dtype, device ?? constant.device).DetachFromDisposeScope();
            _constants[slot] = moved;
            constant.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (Tensor constant in _constants.Values)
        {
            constant.Dispose();
        }

        _constants.Clear();
    }

    private void Build(OnnxFile file, TensorReader reader, ImportBudget budget)
    {
        budget.CheckNodes(file.Graph.Node.Count, Source);
        foreach (TensorProto weight in file.Graph.Initializer)
        {
            int slot = NewSlot(weight.Name, "weight");
            _constants[slot] = reader.Read(weight, "the weight");
        }

        // Until version 4 of the format a weight had to be listed as an input too.
        Inputs = [.. file.Graph.Input.Where(input => !_slots.ContainsKey(input.Name)).Select(input => GraphInput.Of(input, Source))];
        foreach (GraphInput input in Inputs)
        {
            NewSlot(input.Name, "input");
        }

        OnnxNode[] nodes = [.. file.Graph.Node.Select(proto => OperatorRegistry.Accept(proto, file, Source))];
        foreach (OnnxNode node in GraphOrder.Sort(nodes, _slots.Keys, Source))
        {
            Add(node, reader, budget);
        }

        Outputs = [.. file.Graph.Output.Select(output => output.Name)];
        if (Outputs.Count == 0)
        {
            throw new NetworkLoadException($"{Source}: the network names no output; expected one with the class scores.");
        }

        foreach (string output in Outputs.Where(output => !_slots.ContainsKey(output)))
        {
            throw new NetworkLoadException($"{Source}: the network's output '{output}' is made by nothing in it.{NearNames.Hint(output, _slots.Keys)} The file is damaged; export it again.");
        }

        ForgetWhatNobodyReads();
    }

    // Weights that were only read to make other weights, such as quantised ones.
    private void ForgetWhatNobodyReads()
    {
        HashSet<int> read = [.. _steps.SelectMany(step => step.Reads), .. Outputs.Select(SlotOf)];
        foreach ((int slot, Tensor constant) in _constants.Where(entry => !read.Contains(entry.Key)).ToArray())
        {
            constant.Dispose();
            _constants.Remove(slot);
        }
    }

    private void Add(OnnxNode node, TensorReader reader, ImportBudget budget)
    {
        Tensor?[] known = new Tensor?[node.Inputs.Length];
        int[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? GraphStep.Absent : _slots[name])];
        bool constant = true;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] != GraphStep.Absent && _constants.TryGetValue(inputs[i], out known[i]))
            {
                node.RememberConstant(i, known[i]!);
            }
            else
            {
                constant &= inputs[i] == GraphStep.Absent;
            }
        }

        Kernel kernel = OperatorRegistry.Build(node, reader);
        int[] outputs = [.. node.Outputs.Select(name => name.Length == 0 ? GraphStep.Absent : NewSlot(name, "value"))];
        GraphStep step = new(node, kernel, OperatorRegistry.SizesOf(node), inputs, outputs);
        bool IsSettled(int slot) => slot == GraphStep.Absent || _constants.ContainsKey(slot) || _settled.Contains(slot);
        if (!constant)
        {
            if (step.Definition.Settled.Any(index => index < inputs.Length && !IsSettled(inputs[index])))
            {
                throw node.Error("how much it gives depends on the numbers of the image, and a network is read only where weights and shapes settle that. Take the step out of the model, take an output before it, or use the network as a TorchSharp module.");
            }

            if (step.Definition.Is(OperatorTraits.ReadsShapeOnly) || inputs.All(IsSettled))
            {
                _settled.UnionWith(outputs);
            }

            _steps.Add(step);
            return;
        }

        Tensor?[] made = step.Compute(known, budget);
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i] != GraphStep.Absent)
            {
                _constants[outputs[i]] = made[i]!;
            }
        }
    }

    private int NewSlot(string name, string what)
    {
        if (name.Length == 0 || !_slots.TryAdd(name, SlotCount))
        {
            throw new NetworkLoadException($"{Source}: {(name.Length == 0 ? $"a {what} has no name" : $"two values are named '{name}'")}; names must be unique, export the model again.");
        }

        _names.Add(name);
        return SlotCount++;
    }
}
