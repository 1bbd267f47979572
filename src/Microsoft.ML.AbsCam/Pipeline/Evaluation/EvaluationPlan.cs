using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>What is measured on what: options and what a transformer adds to them, settled and checked before a row is read.</summary>
internal sealed class EvaluationPlan
{
    private const string UsualImageColumn = "Image";
    private const string UsualMapColumn = "Saliency";
    private readonly bool _isMultiLabel;
    private readonly NetworkEngine _engine;

    /// <param name="host">Where messages go.</param>
    /// <param name="network">The network that scores.</param>
    /// <param name="maker">What made the maps; null where that is not here.</param>
    /// <param name="options">What the user asks.</param>
    public EvaluationPlan(IHost host, ImageNetwork network, AbsCamTransformer? maker, SaliencyEvaluationOptions options)
    {
        options.Validate();
        AbsCamOptions? made = maker?.Options;
        Network = network;
        Maker = maker;
        Options = options;
        ImageColumn = options.ImageColumn ?? maker?.InputColumnName ?? UsualImageColumn;
        MapColumn = options.MapColumn ?? maker?.OutputColumnName ?? UsualMapColumn;
        TargetColumn = options.TargetColumn ?? made?.ClassColumn ?? (made?.Target as ColumnTarget)?.Name;
        StatusColumn = options.StatusColumn ?? made?.StatusColumn;
        Labels = options.Labels ?? made?.Labels;
        Shape = network.Shape;
        Preprocessing = options.Preprocessing ?? made?.Preprocessing ?? ImagePreprocessing.For(Shape.Height, Shape.Width);
        ScoreRule rule = options.ScoreRule ?? made?.ScoreRule ?? ScoreRule.Auto;
        _isMultiLabel = rule == ScoreRule.Sigmoid || (rule == ScoreRule.Auto && network.EndsInSigmoid);
        Device = ExplainerFactory.ChooseDevice(host, made ?? new AbsCamOptions());
        _engine = network.ChooseEngine(made?.Engine ?? NetworkEngine.Auto, Device, []).Engine;
    }

    public ImageNetwork Network { get; }

    public AbsCamTransformer? Maker { get; }

    public SaliencyEvaluationOptions Options { get; }

    public NetworkShape Shape { get; }

    public string ImageColumn { get; }

    public string MapColumn { get; }

    public string? TargetColumn { get; }

    public string? StatusColumn { get; }

    public IReadOnlyList<string>? Labels { get; }

    public ImagePreprocessing Preprocessing { get; }

    public torch.Device Device { get; }

    /// <summary>The measures: those that were asked for, or all that these columns allow.</summary>
    /// <exception cref="ArgumentException">A measure is asked for that these columns, or the missing transformer, do not allow.</exception>
    public IReadOnlyList<SaliencyMeasure> Measures(bool tellsObjects)
    {
        if (Options.Measures is null)
        {
            return [.. SaliencyMeasure.All().Where(measure => (tellsObjects || !measure.NeedsObject) && (Maker is not null || !measure.NeedsSecondMap))];
        }

        foreach (SaliencyMeasure measure in Options.Measures)
        {
            if (measure.NeedsObject && !tellsObjects)
            {
                throw new ArgumentException($"The measure '{measure.Name}' needs to know where objects are. Name a column with {nameof(SaliencyEvaluationOptions)}.{nameof(SaliencyEvaluationOptions.BoxesColumn)} or {nameof(SaliencyEvaluationOptions.MaskColumn)}.");
            }

            if (measure.NeedsSecondMap && Maker is null)
            {
                throw new ArgumentException($"The measure '{measure.Name}' explains masked images, so it needs what makes the maps. Evaluate with the {nameof(AbsCamTransformer)} in place of the network.");
            }
        }

        return Options.Measures;
    }

    /// <summary>From images [N,C,H,W] on the CPU to N x classes probabilities.</summary>
    public float[] Score(torch.Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        torch.Tensor logits = Network.RunForward(images.to(Device), Device, _engine);
        return Tensors.TensorData.ToFloats(_isMultiLabel ? logits.sigmoid() : logits.softmax(1));
    }
}
