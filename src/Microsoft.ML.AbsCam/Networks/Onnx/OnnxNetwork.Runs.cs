using Microsoft.ML.AbsCam.Networks.Onnx.Heads;
using Microsoft.ML.AbsCam.Networks.Onnx.Runtime;
using Microsoft.ML.AbsCam.Onnx.Messages;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Onnx;

/// <content>Runs: to the logits, and from a layer on with gradients.</content>
internal sealed partial class OnnxNetwork
{
    /// <summary>Opens ONNX Runtime for this network, with the layers and what their gradients need among its outputs.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="withGradients">Whether gradients will be asked for.</param>
    /// <returns>Null where it is open, else why it cannot be.</returns>
    public string? OpenRuntime(IEnumerable<string> layers, bool withGradients = true)
    {
        if (RunsRowByRow)
        {
            return "the file only gives right scores for one image at a time";
        }

        LayerPlan[] plans = [.. layers.Select(PlanOf)];
        return _runtime.Open([.. plans.Select(plan => plan.Layer), .. withGradients ? plans.SelectMany(plan => Backward(plan, ofClasses: true).Run?.Reads ?? []) : []]);
    }

    /// <summary>Takes a CUDA device for what ONNX Runtime computes, by its number; null for the CPU.</summary>
    /// <returns>Null where one may be had, else why not.</returns>
    public string? MoveRuntime(int? cuda)
    {
        string? whyNot = cuda is null ? null : RuntimeSession.WhyNoCuda;
        if (whyNot is null)
        {
            _runtime.Move(cuda);
            _gradients.Move(cuda);
        }

        return whyNot;
    }

    /// <summary>Why the gradients at a layer are made in TorchSharp, where ONNX Runtime is open; null where they are not.</summary>
    public string? WhyNoGradientInRuntime(string layer) => Backward(PlanOf(layer), ofClasses: true).WhyNot;

    /// <summary>Class scores [batch, classes] of images [batch, channels, height, width], without gradients.</summary>
    /// <param name="input">The images.</param>
    /// <param name="inRuntime">Whether ONNX Runtime computes them, where it can.</param>
    /// <remarks>Without a graph, unless the images require a gradient.</remarks>
    public Tensor Logits(Tensor input, bool inRuntime = false)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable grad = set_grad_enabled(input.requires_grad);
        Tensor images = _image.Bring(input);
        if (inRuntime && OpenRuntime([], withGradients: false) is null && _runtime.Takes(images))
        {
            return scope.MoveToOuter(Scores(_runtime.Run(images, [_scores.Slot])[0], images.shape[0]));
        }

        return scope.MoveToOuter(RunsRowByRow ? cat([.. Rows(images).Select(LogitsOf)]) : LogitsOf(images));
    }

    /// <summary>Logits, the named layer's output, and the gradients that can be had from it.</summary>
    /// <param name="input">The images.</param>
    /// <param name="layerName">The layer.</param>
    /// <param name="withGraph">Whether gradients will be asked for.</param>
    /// <param name="inRuntime">Whether ONNX Runtime computes it, where it can.</param>
    /// <param name="toOutputs">Whether gradients of any function of the outputs will be asked for, and not of single scores.</param>
    public LayerPass Pass(Tensor input, string layerName, bool withGraph = true, bool inRuntime = false, bool toOutputs = false)
    {
        LayerPlan plan = PlanOf(layerName);
        using DisposeScope scope = NewDisposeScope();
        Tensor images;
        using (no_grad())
        {
            images = _image.Bring(input);
        }

        if (inRuntime && !RunsRowByRow)
        {
            BackwardRun? backward = withGraph ? Backward(plan, ofClasses: !toOutputs).Run : null;
            if (withGraph == backward is not null && _runtime.Open([plan.Layer, .. backward?.Reads ?? []]) is null && _runtime.Takes(images))
            {
                return PassInRuntime(scope, plan, images, backward);
            }
        }

        if (RunsRowByRow || (toOutputs && withGraph))
        {
            (Tensor map, Tensor outputs) = RunFromLayer(input, layerName, withGraph);
            scope.MoveToOuter(map, outputs);
            return LayerPass.Connected(map, map, outputs, layerName);
        }

        return PassInTorch(scope, plan, images, withGraph);
    }

    /// <summary>
    /// The named layer's output as a new leaf that requires a gradient, and the logits computed from it. Nothing before the
    /// layer is part of the graph, and neither is what does not depend on the layer. Without a graph, the same numbers.
    /// </summary>
    public (Tensor Activation, Tensor Logits) RunFromLayer(Tensor input, string layerName, bool withGraph = true)
    {
        LayerPlan plan = PlanOf(layerName);
        using DisposeScope scope = NewDisposeScope();
        Tensor images;
        using (no_grad())
        {
            images = _image.Bring(input);
        }

        Tensor?[][] runs = [.. Runs(images).Select(rows => Before(plan, rows))];
        Tensor activation;
        using (no_grad())
        {
            activation = runs.Length == 1 ? plan.Present(runs[0][plan.Layer]!).detach() : cat([.. runs.Select(values => plan.Present(values[plan.Layer]!))]);
        }

        activation.requires_grad_(withGraph);
        using IDisposable grad = set_grad_enabled(withGraph);
        Tensor[] logits = new Tensor[runs.Length];
        for (int i = 0; i < runs.Length; i++)
        {
            plan.Replace(runs[i], runs.Length == 1 ? activation : activation.narrow(0, i, 1));
            plan.After.Run(runs[i]);
            logits[i] = Scores(runs[i][_scores.Slot]!, runs.Length == 1 ? images.shape[0] : 1);
        }

        Tensor scores = logits.Length == 1 ? logits[0] : cat(logits);
        if (withGraph)
        {
            plan.CheckGradient(scores);
        }

        return scope.MoveToOuter(activation, scores);
    }

    /// <summary>The class scores of images whose named layer is replaced, without gradients.</summary>
    /// <param name="input">The images [batch, channels, height, width].</param>
    /// <param name="layerName">The layer.</param>
    /// <param name="activation">What stands in for its output, one map stack an image.</param>
    public Tensor RunTail(Tensor input, string layerName, Tensor activation)
    {
        LayerPlan plan = PlanOf(layerName);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Tensor images = _image.Bring(input);
        return scope.MoveToOuter(RunsRowByRow
            ? cat([.. Rows(images).Zip(Rows(activation), (image, map) => Tail(plan, image, map))])
            : Tail(plan, images, activation));
    }

    /// <summary>Why the scores are not the sum of what input and biases count for, as the end of a sentence; null where they are.</summary>
    public string? WhyNoBiases => _biases.Value.WhyNot;

    /// <summary>What the scores of images [batch, channels, height, width] are the sum of.</summary>
    public BiasPass PassOfBiases(Tensor input) => _biases.Value.Pass(Runs(input));

    /// <summary>Why there are no attention matrices to be read, as the end of a sentence; null where there are.</summary>
    public string? WhyNoAttention => _attention.Value.Plan is null ? _attention.Value.Why : null;

    /// <summary>The attention matrices of images [batch, channels, height, width].</summary>
    /// <param name="input">The images.</param>
    /// <param name="withGraph">Whether gradients will be asked for at them.</param>
    public AttentionPass Attend(Tensor input, bool withGraph)
    {
        using IDisposable noGrad = no_grad();
        return (_attention.Value.Plan ?? throw new InvalidOperationException($"{_graph.Source}: no attention can be read: {WhyNoAttention}.")).Run(Runs(_image.Bring(input)), withGraph);
    }

    private LayerPass PassInTorch(DisposeScope scope, LayerPlan plan, Tensor images, bool withGraph)
    {
        Tensor?[] values = Before(plan, images);
        Tensor activation = plan.RunToEnd(values, withGraph);
        Tensor end = values[plan.End]!;
        Tensor logits = Scores(plan.RunFromEnd(values), images.shape[0]);
        scope.MoveToOuter(ReferenceEquals(activation, end) ? [activation, logits] : [activation, end, logits]);
        return new LayerPass(activation, logits, classes => plan.Gradients(activation, end, classes));
    }

    private LayerPass PassInRuntime(DisposeScope scope, LayerPlan plan, Tensor images, BackwardRun? backward)
    {
        int[] slots = [.. new[] { plan.Layer, _scores.Slot }.Union(backward?.Reads ?? []).Where(slot => slot != _input)];
        Tensor[] results = _runtime.Run(images, slots);
        Dictionary<int, Tensor> there = slots.Zip(results).ToDictionary();
        there[_input] = images.alias();
        Tensor activation = plan.Present(there[plan.Layer]);
        Tensor logits = Scores(there[_scores.Slot], images.shape[0]);
        scope.MoveToOuter([activation, logits, .. there.Values]);
        return new LayerPass(
            activation,
            logits,
            classes => Backwards(classes.Select(rows => HostValues.Of(rows))),
            asked => Backwards(Seeds(asked)));

        Tensor[] Backwards(IEnumerable<Tensor> seeds)
        {
            using DisposeScope tail = NewDisposeScope();
            Tensor[] gradients = [.. seeds.Select(seed => backward!.Run(seed, slot => there[slot]))];
            tail.MoveToOuter(gradients);
            return gradients;
        }

        // What is asked is a function of the scores alone, so its gradient there is a small one.
        Tensor[] Seeds(Func<Tensor, Tensor> asked)
        {
            Tensor leaf = logits.detach().clone().requires_grad_(true);
            return LayerGradients.OfFunction(leaf, asked, leaf, plan.Name);
        }
    }

    private (BackwardRun? Run, string? WhyNot) Backward(LayerPlan plan, bool ofClasses) => _gradients.For(plan, ofClasses, _runtime.CanGive);

    private LayerPlan PlanOf(string layerName)
        => _layerPlans.GetOrAdd(layerName, name => LayerPlan.For(_graph, _plan, ValueOfLayer(name), _layers.Layouts[ValueOfLayer(name)], _scores, _input, _trace));

    private Tensor Tail(LayerPlan plan, Tensor images, Tensor activation)
    {
        Tensor?[] values = _graph.NewValues();
        values[_input] = images;
        plan.ForReplacing.Run(values);
        plan.Replace(values, activation);
        plan.After.Run(values);
        return Scores(values[_scores.Slot]!, images.shape[0]);
    }

    private Tensor?[] Before(LayerPlan plan, Tensor images)
    {
        using IDisposable noGrad = no_grad();
        Tensor?[] values = _graph.NewValues();
        values[_input] = images;
        plan.Before.Run(values);
        return values;
    }

    private Tensor LogitsOf(Tensor images)
    {
        Tensor?[] values = _graph.NewValues();
        values[_input] = images;
        _plan.Run(values);
        return Scores(values[_scores.Slot]!, images.shape[0]);
    }

    private Tensor Scores(Tensor value, long rows) =>
        value.numel() == rows * _scores.Numbers
            ? value.reshape(rows, _scores.Numbers).to(ScalarType.Float32)
            : throw new NetworkLoadException($"{_graph.Source}: for {rows} images the network gave {value.numel()} {(_scores.IsVector ? "scores" : "numbers")}; expected {_scores.Numbers} each.");

    // Images that go through the network together.
    private Tensor[] Runs(Tensor images) => RunsRowByRow ? [.. Rows(images)] : [images];

    private static IEnumerable<Tensor> Rows(Tensor images) => Enumerable.Range(0, (int)images.shape[0]).Select(row => images.narrow(0, row, 1));

    private string ValueOfLayer(string layerName)
    {
        // A value's name, or the name of the node that makes it.
        string[] names = [.. Layers.Where(layer => layer.Kind != LayerVerdict.OnePixel).Select(layer => layer.Name)];
        string? value = names.FirstOrDefault(name => name == layerName)
            ?? _plan.Steps.FirstOrDefault(step => step.Node.Name == layerName)?.Node.Outputs[0];
        if (value is null || !names.Contains(value))
        {
            string why = value is null && !_graph.TrySlotOf(layerName, out _)
                ? $"The network has no layer '{layerName}'."
                : $"'{layerName}' is not a feature map [batch, channels, height, width], nor tokens whose places in the image are known, on the way to the class scores.";
            throw new ArgumentException(why + NearNames.Hint(layerName, names), nameof(layerName));
        }

        return value;
    }
}
