using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.BlackBoxes;

/// <summary>A network of which nothing is known but the scores that it gives: no layer, no activation, no gradient.</summary>
internal sealed class ScorerImageNetwork : ImageNetwork
{
    private readonly Func<float[][], float[][]> _score;
    private readonly NetworkShape _shape;
    private readonly IReadOnlyList<string>? _labels;
    private ScoreEvidence? _evidence;

    /// <param name="name">What it is called in messages.</param>
    /// <param name="score">From images [C,H,W] of levels to scores, one array each.</param>
    /// <param name="shape">The images' size, and how many scores there are.</param>
    /// <param name="labels">The classes' names; null where they have none.</param>
    public ScorerImageNetwork(string name, Func<float[][], float[][]> score, NetworkShape shape, IReadOnlyList<string>? labels = null)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape.Channels, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape.Height, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape.Width, nameof(shape));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shape.ClassCount, nameof(shape));
        (_score, _shape, _labels) = (score, shape, labels);
    }

    internal override bool IsLoaded => true;

    internal override bool TakesLevels => true;

    internal override bool HasEngine => false;

    internal override string? WhyNoInputGradient => "nothing but its scores can be seen";

    internal override ImageNetwork Reopen() => new ScorerImageNetwork(Name, _score, _shape, _labels);

    private protected override void Write(BinaryWriter writer) => throw new InvalidOperationException(
        $"The network '{Name}' is a function of this program, which no file can hold, so the pipeline was not saved. Make it anew where it is needed, around the same function.");

    private protected override IReadOnlyList<string>? ReadLabels() => _labels;

    private protected override KnownShape ReadKnown() => KnownShape.Of(_shape);

    private protected override NetworkShape ReadShape() => _shape;

    private protected override IReadOnlyList<FeatureLayer> ReadLayers() => [];

    private protected override string? ReadWhyNoDefaultLayer() =>
        $"nothing but scores can be seen, so there is no layer and no gradient. Take a method that needs the image alone, such as rise; the other methods need the network itself, as an ONNX file or a TorchSharp module.";

    private protected override (string? WhyNot, string? WhyNoGradient) OpenRuntime(Device device, IReadOnlyList<string> layers, bool withGradients, int? cuda) => ("it is a function of this program", null);

    private protected override ScoreEvidence ReadScoreEvidence() => _evidence ??= Judged();

    private protected override Tensor Forward(Tensor input, Device device, NetworkEngine engine) =>
        tensor(Scores(input), [input.shape[0], _shape.ClassCount]).to(device);

    private protected override LayerPass ForwardFromLayer(Tensor input, string layer, Device device, bool withGraph, NetworkEngine engine, bool toOutputs) => throw NoLayer();

    private protected override Tensor ForwardTail(Tensor input, string layer, Tensor activation, Device device) => throw NoLayer();

    private protected override void Release()
    {
    }

    private ArgumentException NoLayer() => new(WhyNoDefaultLayer);

    private ScoreEvidence Judged()
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Tensor images = cat([.. MadeUpImages.OfLevels(_shape.Channels, _shape.Height, _shape.Width, byte.MaxValue)]);
        return ScoreRows.Of(Scores(images), _shape.ClassCount).Judged();
    }

    private float[] Scores(Tensor input)
    {
        int rows = (int)input.shape[0];
        float[] values = input.ToFloats();
        int length = values.Length / rows;
        float[][] scores = _score([.. Enumerable.Range(0, rows).Select(row => values[(row * length)..((row + 1) * length)])]);
        if (scores?.Length != rows)
        {
            throw new InvalidOperationException($"The scorer '{Name}' gave {(scores is null ? "nothing" : $"scores of {scores.Length} images")} for {rows} images; expected an array of scores for each.");
        }

        return Array.FindIndex(scores, row => row?.Length != _shape.ClassCount) is >= 0 and int wrong
            ? throw new InvalidOperationException($"The scorer '{Name}' gave {(scores[wrong] is { } row ? $"{row.Length} scores" : "nothing")} for image {wrong} of {rows}; expected {_shape.ClassCount} scores, one a class.")
            : [.. scores.SelectMany(row => row)];
    }
}
