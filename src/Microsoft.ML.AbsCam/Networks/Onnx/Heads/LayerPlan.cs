using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Heads;

/// <summary>A run cut in two at a layer: what comes before it or beside it, and what depends on it.</summary>
internal sealed class LayerPlan
{
    private readonly OnnxGraph _graph;
    private readonly PlaceLayout _layout;
    private readonly ScoreOutput _scores;
    private readonly ClassHead? _head;
    private readonly ExecutionPlan _toEnd;
    private readonly ExecutionPlan _fromEnd;

    private LayerPlan(OnnxGraph graph, string name, PlaceLayout layout, int layer, HashSet<int> beside, ScoreOutput scores, int input, RunTrace trace)
    {
        _graph = graph;
        Name = name;
        _layout = layout;
        _scores = scores;
        Layer = layer;
        Boundary = [.. beside.Where(slot => slot != input && !graph.Constants.ContainsKey(slot))];
        Beside = ExecutionPlan.For(graph, [.. beside.Where(slot => slot != layer)], [input]);
        Before = ExecutionPlan.For(graph, beside, [input]);
        After = ExecutionPlan.For(graph, [scores.Slot], [input, .. beside]);
        _head = trace.Batch > 1 && scores.IsVector ? ClassHead.Find(graph, After.Steps, scores, trace) : null;
        End = _head?.Input ?? scores.Slot;
        _toEnd = ExecutionPlan.For(graph, [End], [input, .. beside]);
        _fromEnd = ExecutionPlan.For(graph, [scores.Slot], [input, .. beside, End]);
    }

    public int Layer { get; }

    /// <summary>The layer's name.</summary>
    public string Name { get; }

    /// <summary>The slot of the scores.</summary>
    public int Scores => _scores.Slot;

    /// <summary>Its channels, rows and columns.</summary>
    public long[] Shape => _layout.Shape;

    /// <summary>The values that what depends on the layer reads: the layer, and those that pass it by.</summary>
    public IReadOnlyList<int> Boundary { get; }

    /// <summary>The layer, and what comes beside it.</summary>
    public ExecutionPlan Before { get; }

    /// <summary>What the rest reads besides the layer, without the layer itself; mostly nothing.</summary>
    public ExecutionPlan Beside { get; }

    /// <summary>From the layer to the logits.</summary>
    public ExecutionPlan After { get; }

    /// <summary>Where gradients begin: at what goes into the last linear layer or, where that cannot be cut, at the logits.</summary>
    public int End { get; }

    /// <param name="graph">The network.</param>
    /// <param name="whole">What leads to the scores.</param>
    /// <param name="name">The layer's value.</param>
    /// <param name="layout">Where its places are.</param>
    /// <param name="scores">The logits.</param>
    /// <param name="input">The slot of the image.</param>
    /// <param name="trace">A run, for shapes.</param>
    public static LayerPlan For(OnnxGraph graph, ExecutionPlan whole, string name, PlaceLayout layout, ScoreOutput scores, int input, RunTrace trace)
    {
        int layer = graph.SlotOf(name);
        HashSet<int> dependent = [layer];
        HashSet<int> beside = [layer];
        foreach (GraphStep step in whole.Steps)
        {
            if (!step.InputSlots.Any(dependent.Contains))
            {
                continue;
            }

            dependent.UnionWith(step.Writes);
            beside.UnionWith(step.Reads.Where(slot => !dependent.Contains(slot)));
        }

        return new LayerPlan(graph, name, layout, layer, beside, scores, input, trace);
    }

    /// <summary>What has to be run before a value can be put in the layer's place: also what makes it, where it has tokens that stay as they are.</summary>
    public ExecutionPlan ForReplacing => _layout.HasOthers ? Before : Beside;

    /// <summary>Along which axis of the layer's value the channels lie, and how many there are; null where it holds more than places.</summary>
    public (int Axis, long Count)? Channels => _layout.HasOthers ? null : (_layout.ChannelAxis, _layout.Shape[0]);

    /// <inheritdoc cref="PlaceLayout.Present"/>
    public Tensor Present(Tensor value) => _layout.Present(value);

    /// <inheritdoc cref="PlaceLayout.Write"/>
    public string Write(NodeWriter writer, string value) => _layout.Write(writer, value);

    /// <summary>Puts a value [batch, channels, height, width] in the layer's place, as the network lays it out; tokens that are no places stay what they are.</summary>
    public void Replace(Tensor?[] values, Tensor activation) => values[Layer] = _layout.AsInNetwork(activation, values[Layer]?.detach());

    /// <summary>Makes the layer's value a leaf that requires a gradient, and runs from it to <see cref="End"/>.</summary>
    /// <param name="values">With what lies before and beside the layer in place.</param>
    /// <param name="withGraph">Without a graph, the same numbers.</param>
    /// <param name="budget">At import, what the run is counted on; later null.</param>
    /// <returns>The leaf [batch, channels, height, width].</returns>
    public Tensor RunToEnd(Tensor?[] values, bool withGraph, ImportBudget? budget = null)
    {
        using IDisposable grad = set_grad_enabled(withGraph);
        Tensor leaf = Present(values[Layer]!.detach()).requires_grad_(withGraph);
        Replace(values, leaf);
        _toEnd.Run(values, budget: budget);
        if (withGraph)
        {
            CheckGradient(values[End]!);
        }

        return leaf;
    }

    /// <summary>
    /// Runs from a made-up value of the layer to the end and back, with as many rows as the trace has: what a backward pass cannot do
    /// shows at import, and not in the middle of a data set.
    /// </summary>
    /// <returns>Null where it worked, else why not.</returns>
    public string? TryGradient(ImageInput image, RunTrace trace, ImportBudget budget)
    {
        using DisposeScope scope = NewDisposeScope();
        try
        {
            Tensor?[] values = _graph.NewValues();
            using (no_grad())
            {
                values[_graph.SlotOf(image.Name)] = image.Bring(image.MadeUp(trace.Batch));
                Beside.Run(values, budget: budget);
                values[Layer] = MadeUpNumbers.Waves(trace.ShapeOf(Layer)!).to(trace.TypeOf(Layer)!.Value);
            }

            double before = budget.Spent;
            Tensor leaf = RunToEnd(values, withGraph: true, budget);

            // Going back takes two products for each one on the way.
            budget.Spend((_toEnd.Steps is [.., GraphStep last] ? last.Node : null), 2 * (budget.Spent - before));
            Gradients(leaf, values[End]!, [new long[trace.Batch]]);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException && !budget.IsExceeded)
        {
            return e.Message.Split('\n')[0];
        }
    }

    /// <exception cref="NetworkLoadException">The value is not connected to the layer.</exception>
    public void CheckGradient(Tensor value)
    {
        if (!value.requires_grad)
        {
            // TorchSharp's autograd.grad ends the process when it is asked for such a gradient.
            throw new NetworkLoadException($"{_graph.Source}: no gradient reaches the layer '{Name}' from the class scores, because the network rounds or compares on the way; choose another layer.");
        }
    }

    /// <summary>Runs from <see cref="End"/> to the logits; the end's value stays as it is.</summary>
    /// <param name="values">With the end's in place.</param>
    /// <param name="withGraph">Whether the logits are to be connected to the layer.</param>
    public Tensor RunFromEnd(Tensor?[] values, bool withGraph = false)
    {
        using IDisposable grad = set_grad_enabled(withGraph);
        Tensor end = values[End]!;
        values[End] = withGraph ? end : end.detach();
        _fromEnd.Run(values);
        Tensor scores = values[_scores.Slot]!;
        values[End] = end;
        return scores;
    }

    /// <summary>Writes the gradient of a sum of a few scores a row with respect to the layer [batch, channels, height, width].</summary>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="seeds">The scores, and what each counts.</param>
    /// <param name="shapes">What is known of the values.</param>
    /// <exception cref="NetworkLoadException">An operator between the layer and the scores has no adjoint, or no gradient reaches the layer.</exception>
    public string WriteGradient(NodeWriter writer, IReadOnlyList<ScoreSeed> seeds, Func<int, ValueShape> shapes)
    {
        if (_head is null)
        {
            int type = shapes(_scores.Slot).ElementType;
            return WriteGradient(writer, Sum(seeds.Select(seed => seed.OfAll(writer, _scores.Numbers, type))), shapes);
        }

        string atEnd = Sum(seeds.Select(seed => _head.WriteGradient(writer, seed, shapes)));
        return Write(writer, ReversePass.Write(_graph, _toEnd.Steps, Layer, End, atEnd, shapes, writer));

        string Sum(IEnumerable<string> parts) => parts.Aggregate(writer.Add);
    }

    /// <summary>Writes the gradient of any function of the scores.</summary>
    /// <inheritdoc cref="WriteGradient(NodeWriter, IReadOnlyList{ScoreSeed}, Func{int, ValueShape})"/>
    /// <param name="writer">Takes the nodes.</param>
    /// <param name="seed">The function's gradient with respect to the scores [batch, scores].</param>
    /// <param name="shapes">What is known of the values.</param>
    public string WriteGradient(NodeWriter writer, string seed, Func<int, ValueShape> shapes)
    {
        ValueShape scores = shapes(_scores.Slot);
        string laid = scores.Rank == 2 ? seed
            : scores.Rank > 0 && scores.FixedFrom(1) is long[] sizes ? writer.Reshape(seed, [-1, .. sizes])
            : writer.Reshape(seed, writer.Shape(_graph.NameOf(_scores.Slot)));
        return Write(writer, ReversePass.Write(_graph, After.Steps, Layer, _scores.Slot, laid, shapes, writer));
    }

    /// <summary>The gradients of one class a row at a time, after <see cref="RunToEnd"/>.</summary>
    /// <param name="activation">The layer's value.</param>
    /// <param name="end">The value at <see cref="End"/>.</param>
    /// <param name="classes">One array a target, with a class for each row.</param>
    public Tensor[] Gradients(Tensor activation, Tensor end, IReadOnlyList<long[]> classes)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable grad = enable_grad();
        Tensor[] gradients = _head is null
            ? LayerGradients.OfAll(end.reshape(classes[0].Length, _scores.Numbers).to(ScalarType.Float32), classes, activation, Name)
            : LayerGradients.Of(_head.Scores(end, LayerGradients.Index(classes, end.device)), activation, Name);
        scope.MoveToOuter(gradients);
        return gradients;
    }
}
