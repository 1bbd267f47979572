using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>A network that is a TorchSharp module; the feature layer is tapped by a forward hook.</summary>
internal sealed class ModuleImageNetwork : ImageNetwork
{
    private readonly nn.Module _module;
    private readonly Func<Tensor, Tensor> _call;
    private readonly SharedModule _shared;
    private readonly bool _ownsModule;
    private readonly LayerTap _tap;
    private readonly ModuleHead? _head;
    private readonly string _layer;
    private readonly string? _architecture;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;
    private readonly LogitTap _logits;
    private (NetworkShape Shape, FeatureLayer Layer, int Calls, ModuleScores Scores)? _probe;
    private ScalarType _type;
    private bool _cutsHead = true;

    public ModuleImageNetwork(ScoringModule scoring, string layer, int height, int width, int channels, string? architecture, bool ownsModule)
        : base(architecture ?? scoring.Module.GetName(), SharedModule.Of(scoring.Module).Turn)
    {
        ArgumentException.ThrowIfNullOrEmpty(layer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        (_module, _call) = scoring;
        _shared = SharedModule.Of(_module);
        _ownsModule = ownsModule;
        _layer = layer;
        _architecture = architecture;
        (_channels, _height, _width) = (channels, height, width);
        lock (_shared.Turn)
        {
            _tap = new LayerTap(FindModule(_module, layer));
            _head = ModuleHead.Of(_module);
            _logits = new LogitTap(_module);
        }
    }

    internal override bool IsLoaded => _probe is not null;

    /// <summary>Whether gradients begin at the last linear layer, as far as is known.</summary>
    internal bool CutsHead => _head is not null && _cutsHead;

    internal override ImageNetwork Reopen() => throw new NotSupportedException("A module belongs to its maker and cannot be opened a second time.");

    private protected override void Write(BinaryWriter writer)
    {
        if (_architecture is null)
        {
            throw new InvalidOperationException(
                $"The network is a TorchSharp module without a name for its architecture, so a saved pipeline could not be loaded again. " +
                $"Give one to {nameof(ImageNetwork)}.{nameof(FromModule)} and register it with {nameof(NetworkArchitectures)} where the pipeline is loaded.");
        }

        new ModuleFile(_architecture, _layer, _channels, _height, _width).Write(writer, _module);
    }

    private protected override ScoreEvidence ReadScoreEvidence() => Probe().Scores.Evidence;

    private protected override KnownShape ReadKnown() => new(_channels, _height, _width, _probe?.Shape.ClassCount);

    private protected override NetworkShape ReadShape() => Probe().Shape;

    private protected override IReadOnlyList<FeatureLayer> ReadLayers() => [Probe().Layer];

    private protected override (string? WhyNot, string? WhyNoGradient) OpenRuntime(Device device, IReadOnlyList<string> layers, bool withGradients, int? cuda) => ("it is a TorchSharp module", null);

    private protected override Tensor Forward(Tensor input, Device device, NetworkEngine engine)
    {
        ModuleScores scores = Probe().Scores;
        using var quiet = new QuietModule(_module);
        return Scores(scores, input, device);
    }

    private protected override LayerPass ForwardFromLayer(Tensor input, string layer, Device device, bool withGraph, NetworkEngine engine, bool toOutputs)
        => Tapped(input, device, withGraph, Probe().Scores, toOutputs).Pass;

    // A module can only be entered at its beginning, so all of it runs.
    private protected override Tensor ForwardTail(Tensor input, string layer, Tensor activation, Device device)
    {
        (_, _, int lastCall, ModuleScores scores) = Probe();
        using var quiet = new QuietModule(_module);
        using LayerTap.Capture capture = _tap.Replace(activation.to(device), lastCall);
        return Scores(scores, input, device);
    }

    private protected override void Release()
    {
        _tap.Dispose();
        _head?.Dispose();
        _logits.Dispose();
        if (_ownsModule)
        {
            _module.Dispose();
        }
    }

    /// <param name="input">The images.</param>
    /// <param name="device">Where to run.</param>
    /// <param name="withGraph">Whether gradients will be asked for.</param>
    /// <param name="scores">Where the scores are; null takes the output, whatever it is.</param>
    /// <param name="toOutputs">Whether gradients of functions of the outputs will be asked for.</param>
    private (LayerPass Pass, int Calls) Tapped(Tensor input, Device device, bool withGraph, ModuleScores? scores, bool toOutputs = false)
    {
        using var quiet = new QuietModule(_module);
        using var grad = set_grad_enabled(withGraph);
        using DisposeScope scope = NewDisposeScope();
        using LayerTap.Capture capture = _tap.Open(scope, withGraph);
        using ModuleHead.Capture? head = withGraph && !toOutputs && _cutsHead && IsExact() ? _head?.Open(scope) : null;
        Tensor logits = scores is null ? CheckLogits(Run(input, device), input.shape[0]) : Scores(scores, input, device);
        Tensor activation = capture.Taken
            ?? throw new InvalidOperationException($"The layer '{_layer}' was not reached through call() in the module's forward pass, so its output cannot be tapped. Call submodules as call(x), not forward(x), or name another layer.");
        Tensor images = input.alias();
        Tensor activationAsFloat = activation.AsFloat();
        scope.MoveToOuter(activation, logits, images);
        if (!ReferenceEquals(activation, activationAsFloat))
        {
            scope.MoveToOuter(activationAsFloat);
        }

        head?.Input?.MoveToOuterDisposeScope();
        long changes = _shared.Changes;
        return (new LayerPass(activationAsFloat, logits, classes => changes != _shared.Changes ? GradientsAnew(images, device, classes)
            : head?.IsCut != true ? AsFloats(LayerGradients.OfAll(logits, classes, activation, _layer))
            : _head!.Gradients(head, logits, classes, activation, _layer) is { } gradients ? AsFloats(gradients) : GradientsOfAll(images, device, logits, classes),
            asked => changes == _shared.Changes ? AsFloats(LayerGradients.OfFunction(logits, asked, activation, _layer)) : Anew().Gradients(asked),
            asked => changes == _shared.Changes ? AsFloats(LayerGradients.WithCurvatures(logits, asked, activation, _layer)) : Anew().Curvatures(asked)), capture.Calls);

        LayerPass Anew() => Tapped(images, device, withGraph: true, Probe().Scores, toOutputs: true).Pass;
    }

    // The head is not what it was taken for, or there is a NaN in the scores; then all of the module is run backwards.
    private Tensor[] GradientsOfAll(Tensor images, Device device, Tensor logits, IReadOnlyList<long[]> classes)
    {
        bool isFinite = logits.ToFloats().All(float.IsFinite);
        _cutsHead = false;
        Tensor[] gradients = GradientsAnew(images, device, classes);
        _cutsHead = !isFinite;
        return gradients;
    }

    // Somebody drew weights anew and put them back between the pass and its gradients. The graph knows, and libtorch would end the process.
    private Tensor[] GradientsAnew(Tensor images, Device device, IReadOnlyList<long[]> classes)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] gradients = Tapped(images, device, withGraph: true, Probe().Scores).Pass.Gradients(classes);
        scope.MoveToOuter(gradients);
        return gradients;
    }

    private protected override WeightCascade ReadCascade() => new ModuleCascade(this, _module, _shared);

    private Tensor Run(Tensor input, Device device)
    {
        if (_module.parameters().Any(parameter => parameter.device_type != device.type))
        {
            _module.to(device);
        }

        return _call(input.to(TypeOf(_module), device));
    }

    /// <summary>The scores of a pass [B,classes], from where the probes found them.</summary>
    private Tensor Scores(ModuleScores found, Tensor input, Device device)
    {
        if (found.Logits is not { } place)
        {
            return CheckLogits(Run(input, device), input.shape[0]);
        }

        using DisposeScope scope = NewDisposeScope();
        using LogitTap.Capture capture = _logits.Take(place, scope);
        Tensor output = CheckLogits(Run(input, device), input.shape[0]);
        return found.Of(Name, output, capture.Taken).MoveToOuterDisposeScope();
    }

    /// <summary>The type that the input is brought to: the one that all weights have, or that the probes ran in.</summary>
    private ScalarType TypeOf(nn.Module module) => ModuleTypes.Of(module) is [ScalarType only] ? only : _type;

    private (NetworkShape Shape, FeatureLayer Layer, int Calls, ModuleScores Scores) Probe()
    {
        if (_probe is null)
        {
            using var scope = NewDisposeScope();
            Device device = _module.parameters().FirstOrDefault()?.device ?? CPU;
            IReadOnlyList<Tensor> images = MadeUpImages.Of(_channels, _height, _width);
            (LayerPass pass, int calls) = FirstPass(images[0], device);
            long[] size = pass.Activation.shape;
            if (size.Length != 4 || size[2] * size[3] <= 1)
            {
                throw new NetworkLoadException($"The layer '{_layer}' gives {string.Join(" x ", size)}; a feature layer gives [batch, channels, height, width] with more than one pixel. Name a layer before pooling and flattening.");
            }

            string kind = FindModule(_module, _layer).GetName();
            var layer = new FeatureLayer(_layer, kind, (int)size[1], (int)size[2], (int)size[3], IsDefault: true, "named by the caller") { Reason = "named by the caller" };
            var shape = new NetworkShape(_channels, _height, _width, (int)pass.Logits.shape[1]);
            _probe = (shape, layer, calls, FindScores(images, pass.Logits, device));
        }

        return _probe.Value;
    }

    /// <summary>Runs the module in the first of its types that it takes an input of.</summary>
    private (LayerPass Pass, int Calls) FirstPass(Tensor image, Device device)
    {
        ScalarType[] types = ModuleTypes.Of(_module);
        string? complaint = null;
        foreach (ScalarType type in types)
        {
            try
            {
                _type = type;
                return Tapped(image, device, withGraph: false, null);
            }
            catch (System.Runtime.InteropServices.ExternalException e)
            {
                // The rest of the message is libtorch's stack.
                complaint ??= e.Message.Split('\n')[0].Trim();
            }
        }

        string mixed = types.Length == 1 ? "" : " Bring all of it to one type with to(type), or convert between the layers in its forward pass.";
        throw new NetworkLoadException($"The module '{Name}' cannot run an image [1, {_channels}, {_height}, {_width}] of {string.Join(" or ", types)}, as its weights are: {complaint}.{mixed}");
    }

    private ModuleScores FindScores(IReadOnlyList<Tensor> images, Tensor first, Device device)
    {
        using var quiet = new QuietModule(_module);
        using IDisposable noGrad = no_grad();
        float[] scoresOf(int probe)
        {
            using DisposeScope scope = NewDisposeScope();
            return CheckLogits(Run(images[probe], device), 1).ToFloats();
        }

        int classes = (int)first.shape[1];
        float[] scores = first.ToFloats();
        if (ScoreRows.Of(scores, classes).ArePlainLogits)
        {
            // As most modules give them, and no other image needs to be run to know it.
            return new ModuleScores(ScoreEvidence.Untold, null, ScoreRows.FloatRounding);
        }

        float[] all = [.. scores, .. Enumerable.Range(1, images.Count - 1).SelectMany(scoresOf)];
        return ModuleScores.Find(_logits, ScoreRows.Of(all, classes, ModuleTypes.RoundingOf(TypeOf(_module))), probe => scoresOf(probe));
    }

    // The head's own sums are compared with the module's, closer than half types can be.
    private bool IsExact() => ModuleTypes.Of(_module).All(type => type is ScalarType.Float32 or ScalarType.Float64);

    private static Tensor[] AsFloats(Tensor[] gradients) => [.. gradients.Select(gradient => gradient.AsFloat())];

    private Tensor CheckLogits(Tensor output, long rows) => ClassScores.Of(output, rows)?.AsFloat()
        ?? throw new InvalidOperationException($"The module '{Name}' gives {string.Join(" x ", output.shape)} for {rows} images; class scores [batch, classes] are needed.");

    private static nn.Module FindModule(nn.Module root, string path)
    {
        var names = new List<string>();
        foreach ((string name, nn.Module module) in root.named_modules())
        {
            if (name == path)
            {
                return module;
            }

            names.Add(name);
        }

        throw new ArgumentException(UnknownLayer(path, names), nameof(path));
    }
}
