using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Tensors;
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
    private (NetworkShape Shape, FeatureLayer Layer, int Calls)? _probe;
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

        writer.Write(_architecture);
        writer.Write(_layer);
        writer.Write(_channels);
        writer.Write(_height);
        writer.Write(_width);
        using var weights = new MemoryStream();
        using (var inner = new BinaryWriter(weights, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            _module.save(inner);
        }

        writer.Write(weights.Length);
        writer.Flush();
        weights.WriteTo(writer.BaseStream);
    }

    internal static ModuleImageNetwork Load(BinaryReader reader)
    {
        string architecture = reader.ReadString();
        string layer = reader.ReadString();
        (int channels, int height, int width) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        byte[] weights = NetworkFormat.ReadBytes(reader, reader.ReadInt64());
        ScoringModule scoring = NetworkArchitectures.Make(architecture);
        try
        {
            using var inner = new BinaryReader(new MemoryStream(weights));
            scoring.Module.load(inner);
            return new ModuleImageNetwork(scoring, layer, height, width, channels, architecture, ownsModule: true);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            scoring.Module.Dispose();
            throw new NetworkLoadException($"The weights in the model do not fit the module that this program registered as '{architecture}': {e.Message}", e);
        }
    }

    private protected override KnownShape ReadKnown() => new(_channels, _height, _width, _probe?.Shape.ClassCount);

    private protected override NetworkShape ReadShape() => Probe().Shape;

    private protected override IReadOnlyList<FeatureLayer> ReadLayers() => [Probe().Layer];

    private protected override string? OpenRuntime(Device device, IReadOnlyList<string> layers) => "it is a TorchSharp module";

    private protected override Tensor Forward(Tensor input, Device device, NetworkEngine engine)
    {
        using var quiet = new QuietModule(_module);
        return CheckLogits(Run(input, device), input.shape[0]);
    }

    private protected override LayerPass ForwardFromLayer(Tensor input, string layer, Device device, bool withGraph, NetworkEngine engine) => Tapped(input, device, withGraph).Pass;

    // A module can only be entered at its beginning, so all of it runs.
    private protected override Tensor ForwardTail(Tensor input, string layer, Tensor activation, Device device)
    {
        int lastCall = Probe().Calls;
        using var quiet = new QuietModule(_module);
        using LayerTap.Capture capture = _tap.Replace(activation.to(device), lastCall);
        return CheckLogits(Run(input, device), input.shape[0]);
    }

    private protected override void Release()
    {
        _tap.Dispose();
        _head?.Dispose();
        if (_ownsModule)
        {
            _module.Dispose();
        }
    }

    private (LayerPass Pass, int Calls) Tapped(Tensor input, Device device, bool withGraph)
    {
        using var quiet = new QuietModule(_module);
        using var grad = set_grad_enabled(withGraph);
        using DisposeScope scope = NewDisposeScope();
        using LayerTap.Capture capture = _tap.Open(scope, withGraph);
        using ModuleHead.Capture? head = withGraph && _cutsHead ? _head?.Open(scope) : null;
        Tensor logits = CheckLogits(Run(input, device), input.shape[0]);
        Tensor activation = capture.Taken
            ?? throw new InvalidOperationException($"The layer '{_layer}' was not reached through call() in the module's forward pass, so its output cannot be tapped. Call submodules as call(x), not forward(x), or name another layer.");
        Tensor images = input.alias();
        scope.MoveToOuter(activation, logits, images);
        head?.Input?.MoveToOuterDisposeScope();
        long changes = _shared.Changes;
        return (new LayerPass(activation, logits, classes => changes != _shared.Changes ? GradientsAnew(images, device, classes)
            : head?.IsCut != true ? LayerGradients.OfAll(logits, classes, activation, _layer)
            : _head!.Gradients(head, logits, classes, activation, _layer) ?? GradientsOfAll(images, device, logits, classes)), capture.Calls);
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
        Tensor[] gradients = Tapped(images, device, withGraph: true).Pass.Gradients(classes);
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

        return _call(input.to(device));
    }

    private (NetworkShape Shape, FeatureLayer Layer, int Calls) Probe()
    {
        if (_probe is null)
        {
            using var scope = NewDisposeScope();
            Device device = _module.parameters().FirstOrDefault()?.device ?? CPU;
            (LayerPass pass, int calls) = Tapped(zeros(1, _channels, _height, _width), device, withGraph: false);
            long[] size = pass.Activation.shape;
            if (size.Length != 4 || size[2] * size[3] <= 1)
            {
                throw new NetworkLoadException($"The layer '{_layer}' gives {string.Join(" x ", size)}; a feature layer gives [batch, channels, height, width] with more than one pixel. Name a layer before pooling and flattening.");
            }

            string kind = FindModule(_module, _layer).GetName();
            var layer = new FeatureLayer(_layer, kind, (int)size[1], (int)size[2], (int)size[3], IsDefault: true, "named by the caller") { Reason = "named by the caller" };
            _probe = (new NetworkShape(_channels, _height, _width, (int)pass.Logits.shape[1]), layer, calls);
        }

        return _probe.Value;
    }

    private Tensor CheckLogits(Tensor output, long rows) => ClassScores.Of(output, rows)
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
