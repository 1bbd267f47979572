using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>What is measured on what: options and what a transformer adds to them, settled and checked before a row is read.</summary>
internal sealed class EvaluationPlan
{
    private const string UsualImageColumn = "Image";
    private const string UsualMapColumn = "Saliency";
    private readonly NetworkEngine _engine;
    private readonly Func<string, NetworkEngine> _engineFrom;

    /// <param name="host">Where messages go.</param>
    /// <param name="network">The network that scores.</param>
    /// <param name="maker">What made the maps; null where that is not here.</param>
    /// <param name="options">What the user asks.</param>
    public EvaluationPlan(IHost host, ImageNetwork network, AbsCamTransformer? maker, SaliencyEvaluationOptions options)
    {
        options.Validate();
        if (maker is not null && options.ImageColumn is null && maker.InputColumnName == maker.OutputColumnName)
        {
            throw new ArgumentException($"The maps stand in the column '{maker.OutputColumnName}' in the images' place, and measures need both. Give the map column a name of its own where the maps are made.");
        }

        AbsCamOptions? made = maker?.Options;
        if (made?.Target is SeveralTarget)
        {
            throw new ArgumentException($"The maps are of several questions ({made.Target}), and measures are of one: fit one {nameof(AbsCamTransformer)} for each and evaluate it.");
        }

        Network = network;
        Maker = maker;
        Options = options;
        ImageColumn = options.ImageColumn ?? maker?.InputColumnName ?? UsualImageColumn;
        MapColumn = options.MapColumn ?? maker?.OutputColumnName ?? UsualMapColumn;
        StatusColumn = options.StatusColumn ?? made?.Columns.Status;
        Labels = options.Labels ?? made?.Labels ?? network.Labels;
        Shape = network.Shape;
        Preprocessing = options.Preprocessing ?? made?.Preprocessing;
        Target = WithClassFrom(made?.Target ?? SaliencyTarget.Predicted, options.TargetColumn ?? made?.Columns.Class);
        Explain = (made ?? new AbsCamOptions()) with { Target = Target, Labels = Labels, ScoreRule = options.ScoreRule ?? made?.ScoreRule ?? ScoreRule.Auto };
        Question = QuestionOf.Target(network, Target, Explain.ScoreRule, Labels);
        DeviceChoice chosen = DeviceChoice.Of(host, network, made ?? new AbsCamOptions(), [], withGradients: false);
        (Device, _engine) = (chosen.Device, chosen.Engine.Engine);
        _engineFrom = layer => DeviceChoice.Of(host, network, made ?? new AbsCamOptions(), [layer], withGradients: false).Engine.Engine;
    }

    public ImageNetwork Network { get; }

    public AbsCamTransformer? Maker { get; }

    public SaliencyEvaluationOptions Options { get; }

    public NetworkShape Shape { get; }

    /// <summary>What the maps explain: what their maker was asked, with each row's class from the column that says it.</summary>
    public SaliencyTarget Target { get; }

    /// <summary>The same as options of a transformer.</summary>
    public AbsCamOptions Explain { get; }

    /// <summary>The same, of this network.</summary>
    public Question Question { get; }

    public string ImageColumn { get; }

    public string MapColumn { get; }

    public string? StatusColumn { get; }

    public IReadOnlyList<string>? Labels { get; }

    /// <summary>What photos go through; null for what is usual for the network.</summary>
    public ImagePreprocessing? Preprocessing { get; }

    public torch.Device Device { get; }

    /// <summary>The measures: those that were asked for, or all that these columns allow.</summary>
    /// <exception cref="ArgumentException">A measure is asked for that these columns, or the missing transformer, do not allow.</exception>
    public IReadOnlyList<SaliencyMeasure> Measures(bool tellsObjects)
    {
        bool makesMaps = Maker is { Options.TargetsPerRow: 1 };
        if (Options.Measures is null)
        {
            return [.. SaliencyMeasure.All().Where(measure => !measure.IsDear && (tellsObjects || !measure.NeedsObject) && (makesMaps || !measure.NeedsMoreMaps) && (Question.HasProbabilities || !measure.NeedsProbability))];
        }

        foreach (SaliencyMeasure measure in Options.Measures)
        {
            if (measure.NeedsObject && !tellsObjects)
            {
                throw new ArgumentException($"The measure '{measure.Name}' needs to know where objects are. Name a column with {nameof(SaliencyEvaluationOptions)}.{nameof(SaliencyEvaluationOptions.BoxesColumn)} or {nameof(SaliencyEvaluationOptions.MaskColumn)}.");
            }

            if (measure.NeedsProbability && !Question.HasProbabilities)
            {
                throw new ArgumentException($"The measure '{measure.Name}' compares probabilities, and with {nameof(ScoreRule)}.{nameof(ScoreRule.None)} the network '{Network.Name}' has none. Leave it out, or say how its scores become probabilities.");
            }

            if (measure.NeedsRivals && !Question.HasRivals)
            {
                throw new ArgumentException($"The measure '{measure.Name}' asks whether the class is still the highest, and what is asked here ({Target}) competes with no other class. Leave it out.");
            }

            if (measure.NeedsMoreMaps && !makesMaps)
            {
                throw new ArgumentException($"The measure '{measure.Name}' explains altered images, so it needs what makes the maps. Evaluate with the {nameof(AbsCamTransformer)} in place of the network, and with one that explains one class a row.");
            }
        }

        return Options.Measures;
    }

    /// <summary>What the network gives [N,outputs] for images [N,C,H,W] on the CPU.</summary>
    public torch.Tensor Run(torch.Tensor images) => Network.RunForward(images.to(Device), Device, _engine);

    /// <summary>The same, with what the layer gives.</summary>
    public LayerPass RunFromLayer(torch.Tensor images, string layer) => Network.RunFromLayer(images.to(Device), layer, Device, withGraph: false, _engineFrom(layer));

    // A column of classes says what was explained, also where the network chose it.
    private static SaliencyTarget WithClassFrom(SaliencyTarget target, string? column) => (column, target) switch
    {
        (null, _) or (_, OutputTarget or SimilarityTarget or OwnTarget) => target,
        (_, ContrastTarget contrast) => contrast with { Of = SaliencyTarget.Column(column) },
        (_, RegionTarget region) => region with { Of = SaliencyTarget.Column(column) },
        (_, BoxTarget box) => box with { Of = SaliencyTarget.Column(column) },
        _ => SaliencyTarget.Column(column),
    };
}
