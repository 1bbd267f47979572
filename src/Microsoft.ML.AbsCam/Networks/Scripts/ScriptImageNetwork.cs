using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Scripts;

/// <summary>A network that is a pair of TorchScript files, cut at the feature layer: the first runs without a graph, the second with one.</summary>
internal sealed class ScriptImageNetwork : ImageNetwork
{
    public const string Layer = "features";

    // A file that is bound to a batch of 1 shows it.
    private const int ProbeRows = 2;

    private readonly string _featuresFile;
    private readonly string _headFile;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;
    private ScriptModule? _features;
    private ScriptModule? _head;
    private (NetworkShape Shape, FeatureLayer Layer, ScoreEvidence Scores)? _probe;

    public ScriptImageNetwork(string featuresFile, string headFile, int height, int width, int channels)
        : base($"{Path.GetFileName(featuresFile)} and {Path.GetFileName(headFile)}")
    {
        foreach (string file in (string[])[featuresFile, headFile])
        {
            ArgumentException.ThrowIfNullOrEmpty(file);
            if (!File.Exists(file))
            {
                throw new FileNotFoundException($"There is no model file '{file}'.", file);
            }
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        (_featuresFile, _headFile) = (Path.GetFullPath(featuresFile), Path.GetFullPath(headFile));
        (_channels, _height, _width) = (channels, height, width);
    }

    internal override bool IsLoaded => _probe is not null;

    internal override ImageNetwork Reopen() => new ScriptImageNetwork(_featuresFile, _headFile, _height, _width, _channels);

    private protected override void Write(BinaryWriter writer) => throw new InvalidOperationException(
        $"The network is the pair of TorchScript files {Name}, and these hold code: a saved pipeline must be nothing that runs code when it is loaded, so it was not saved. Export the network to ONNX, and make the pipeline from that file.");

    private protected override ScoreEvidence ReadScoreEvidence() => Probe().Scores;

    private protected override KnownShape ReadKnown() => new(_channels, _height, _width, _probe?.Shape.ClassCount);

    private protected override NetworkShape ReadShape() => Probe().Shape;

    private protected override IReadOnlyList<FeatureLayer> ReadLayers() => [Probe().Layer];

    private protected override (string? WhyNot, string? WhyNoGradient) OpenRuntime(Device device, IReadOnlyList<string> layers, bool withGradients, int? cuda) => ("it is a pair of TorchScript files", null);

    private protected override Tensor Forward(Tensor input, Device device, NetworkEngine engine)
    {
        Probe();
        return Scores(Features(input, device), device);
    }

    private protected override LayerPass ForwardFromLayer(Tensor input, string layer, Device device, bool withGraph, NetworkEngine engine, bool toOutputs)
    {
        Probe();
        return Pass(input, device, withGraph);
    }

    // A clone here and below, so that a head which begins with an in-place operation leaves what it is given whole.
    private protected override Tensor ForwardTail(Tensor input, string layer, Tensor activation, Device device)
    {
        Probe();
        return Scores(activation.to(device).clone(), device);
    }

    private protected override void Release()
    {
        _features?.Dispose();
        _head?.Dispose();
    }

    private LayerPass Pass(Tensor input, Device device, bool withGraph)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor activation;
        using (no_grad())
        {
            activation = Features(input, device).detach();
        }

        using IDisposable grad = set_grad_enabled(withGraph);
        activation.requires_grad_(withGraph);
        Tensor logits = Scores(activation.clone(), device);
        if (withGraph && !logits.requires_grad)
        {
            throw NoGradient();
        }

        scope.MoveToOuter(activation, logits);
        return LayerPass.Connected(activation, activation, logits, Layer);
    }

    private Tensor Features(Tensor input, Device device)
    {
        _features!.To(device);
        Tensor maps = _features.Call(input.to(device));
        return maps.dim() == 4 && maps.shape[0] == input.shape[0] && maps.shape[1] > 0 && maps.shape[2] * maps.shape[3] > 1 && maps.is_floating_point()
            ? maps
            : throw Wrong(_featuresFile, "features", maps, input.shape[0], "maps [batch, channels, height, width] of real numbers with more than one pixel; cut the network before it pools and flattens");
    }

    private Tensor Scores(Tensor maps, Device device)
    {
        _head!.To(device);
        Tensor output = _head.Call(maps);
        return ClassScores.Of(output, maps.shape[0]) ?? throw Wrong(_headFile, "head", output, maps.shape[0], "class scores [batch, classes], before any softmax");
    }

    /// <summary>Loads the files and runs them once, backwards too: asking libtorch for a gradient that it cannot give would end the process.</summary>
    private (NetworkShape Shape, FeatureLayer Layer, ScoreEvidence Scores) Probe()
    {
        if (_probe is null)
        {
            _features ??= ScriptModule.Load(_featuresFile);
            _head ??= ScriptModule.Load(_headFile);
            using DisposeScope scope = NewDisposeScope();
            using IDisposable grad = enable_grad();
            LayerPass pass = Pass(zeros(ProbeRows, _channels, _height, _width), CPU, withGraph: true);
            (Tensor activation, Tensor logits) = (pass.Activation, pass.Logits);
            _head.Backward(logits);
            if (activation.grad is null)
            {
                throw NoGradient();
            }

            long[] size = activation.shape;
            var layer = new FeatureLayer(Layer, "TorchScript", (int)size[1], (int)size[2], (int)size[3], IsDefault: true, $"What '{Path.GetFileName(_featuresFile)}' gives: the one layer of a pair of TorchScript files.") { Reason = "the one layer of a pair of TorchScript files" };
            _probe = (new NetworkShape(_channels, _height, _width, (int)logits.shape[1]), layer, FindScores((int)logits.shape[1]));
        }

        return _probe.Value;
    }

    private ScoreEvidence FindScores(int classes)
    {
        using IDisposable noGrad = no_grad();
        float[] scores = [.. MadeUpImages.Of(_channels, _height, _width).SelectMany(image => Scores(Features(cat([image, image]), CPU), CPU).ToFloats().Take(classes))];
        return ScoreRows.Of(scores, classes).Judged();
    }

    private NetworkLoadException NoGradient() => new(
        $"{Path.GetFileName(_headFile)}: no gradient reaches the features from the head's scores. Make it of the model in evaluation mode, without torch.no_grad(), detach() or rounding inside.");

    private static NetworkLoadException Wrong(string file, string part, Tensor output, long rows, string expected) => new(
        $"{Path.GetFileName(file)}: for {rows} images the {part} give [{string.Join(", ", output.shape)}] of {output.dtype}; expected {expected}. Where only the batch is wrong, make the file with an open one.");
}
