using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Pipeline;
using Microsoft.ML.AbsCam.Pipeline.Baked;

namespace Microsoft.ML.AbsCam;

/// <summary>What to explain, how, and which columns to append. Every property has a default that works.</summary>
public sealed partial record AbsCamOptions
{
    private readonly OrUsual<SaliencyTarget> _target = new(SaliencyTarget.Predicted);
    private readonly OrUsual<SaliencyMethod> _method = new(SaliencyMethod.AbsCam);
    private readonly OrUsual<MapSize> _mapSize = new(MapSize.Input);

    /// <summary>
    /// The feature layer, as in <c>Layers = ["relu"]</c>, or several whose maps are combined into one; each costs what one costs. Null takes the
    /// last one before pooling whose channels are features, and says so in the log.
    /// </summary>
    public IReadOnlyList<string>? Layers { get; init; }

    /// <summary>How the maps of several <see cref="Layers"/> are combined. Default: product.</summary>
    public LayerFusion Fusion { get; init; }

    /// <summary>What is asked: which class is explained, or what else of the network's outputs. Default: the predicted class; of a baked file what was baked in.</summary>
    public SaliencyTarget Target
    {
        get => _target.Value;
        init => _target = new(value, IsSaid: true);
    }

    /// <summary>The method. Default: Abs-CAM; of a baked file the one that was baked in.</summary>
    public SaliencyMethod Method
    {
        get => _method.Value;
        init => _method = new(value, IsSaid: true);
    }

    /// <summary>
    /// How far a map of a method with <see cref="SaliencyMethod.UsesTolerance"/> may be from the exact one, whose values are 0 to 1: at least 0 and
    /// below 1. Other methods' maps are exact. Above 0, masked images that hardly matter any more are not run; <see cref="ToleranceKind"/> says what the distance is and how sure. Which rows share a batch can then
    /// change a map, within the tolerance. Default: 0, exact.
    /// </summary>
    public double Tolerance { get; init; }

    /// <summary>What <see cref="Tolerance"/> speaks of: the mean difference that is to be expected, or the largest that is possible. Default: expected.</summary>
    public ToleranceKind ToleranceKind { get; init; }

    /// <summary>How scores become probabilities: softmax, or sigmoid for networks that give several labels an image. Default: found out.</summary>
    public ScoreRule ScoreRule { get; init; }

    /// <summary>The names of the classes in the order of the network's scores; null where there are none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How photos become the network's input; null takes what <see cref="PreprocessingFor"/> says. Vectors are taken as they are.</summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The order of dimensions of a vector input. Default: found out.</summary>
    public VectorLayout Layout { get; init; }

    /// <summary>Whether maps have the network's input size, or the feature layer's. Default: the input's; of a baked file what was baked in.</summary>
    public MapSize MapSize
    {
        get => _mapSize.Value;
        init => _mapSize = new(value, IsSaid: true);
    }

    /// <summary>Which columns are appended beside the map, and their names. Default: none.</summary>
    public AbsCamColumns Columns { get; init; } = new();

    /// <summary>Colours of the overlay.</summary>
    public OverlayOptions Overlay { get; init; } = new();

    /// <summary>How many rows go through the network at once, 1 to 4096. Default: 8.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>
    /// Whether the next batch's rows are read on another thread while a batch is computed, where rows are read one after the other, from
    /// the second batch on. Default: true. False for a source whose rows must not be read by two threads at once, and to hold one batch less.
    /// </summary>
    public bool ReadsAhead { get; init; } = true;

    /// <summary>How many masked images, or ablated activations, go through the network at once, 1 to 4096. Default: 8.</summary>
    public int MaskBatchSize { get; init; } = 8;

    /// <summary>What computes forward passes and gradients: ONNX Runtime or TorchSharp, which agree to about 1e-4. Default: found out, and said in the log.</summary>
    public NetworkEngine Engine { get; init; }

    /// <summary>
    /// The output of an ONNX file that holds the class scores, or a value inside the network, where the file has several outputs that could;
    /// where the pipeline opens the file. A network object takes it from <see cref="ImageNetwork.FromOnnx(string, int?, int?, OnnxImportLimits?, string?, int?, NetworkTask)"/>.
    /// Default: found out, and said in the log; where nothing tells, opening the network fails and names them all.
    /// </summary>
    public string? ScoresOutput { get; init; }

    /// <summary>
    /// What the network is for, where its output could be something else too: a vector is class scores, an embedding or numbers of a regression. Of one that the
    /// output cannot be, opening the network fails. Default: as the output looks.
    /// </summary>
    public NetworkTask Task { get; init; }

    /// <summary>
    /// How much an ONNX file may ask of the machine when it is imported, where the pipeline opens it; a network object has limits of its own.
    /// Null takes <see cref="OnnxImportLimits.Default"/>.
    /// </summary>
    public OnnxImportLimits? ImportLimits { get; init; }

    /// <summary>The CUDA device; null takes <see cref="MLContext.GpuDeviceId"/>, and the CPU where that is null too. It is not saved with a model.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether to go on with the CPU where the CUDA device cannot be had, instead of throwing. Default: false. It is not saved with a model.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool FallbackToCpu { get; init; }

    /// <summary>
    /// What photos go through on their way into this network: <see cref="Preprocessing"/>, or else ImageNet's colours at the network's input size, as grey
    /// for a network of one channel. An input of whole numbers takes the levels of the decoded photo, 0 to 255 without mean and deviation, int8
    /// those minus 128, whatever the order of its axes.
    /// </summary>
    /// <param name="network">The network; its shape is read.</param>
    /// <exception cref="ArgumentException">A preprocessing is asked for that gives other planes than the network takes, or fractions to an input of whole numbers.</exception>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    public ImagePreprocessing PreprocessingFor(ImageNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return EffectivePreprocessing.Of(network, Preprocessing);
    }

    /// <summary>
    /// The options with what the network's own file settles: of a file into which an explanation was baked (<see cref="NetworkBaking"/>), its method, layer, target and size of maps. Of any
    /// other network the options themselves. Transforms do this by themselves.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">Something else is asked for than what was baked in; the message says both.</exception>
    public AbsCamOptions FittedTo(ImageNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network is BakedImageNetwork baked ? BakedFit.Of(baked, this) : this;
    }

    /// <summary><see cref="Target"/>, null where nobody said.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    internal SaliencyTarget? AskedTarget => _target.IsSaid ? _target.Value : null;

    /// <summary><see cref="Method"/>, null where nobody said.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    internal SaliencyMethod? AskedMethod => _method.IsSaid ? _method.Value : null;

    /// <summary><see cref="MapSize"/>, null where nobody said.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    internal MapSize? AskedMapSize => _mapSize.IsSaid ? _mapSize.Value : null;

    /// <summary>The class that every row is explained for; null where the network decides, or rows ask.</summary>
    internal int? FixedTarget => IndexOf(Target.ClassPart);

    /// <summary>The class that every row's class is told from; null where the network decides, rows ask, or nothing is told apart.</summary>
    internal int? FixedAgainst => IndexOf(Target.AgainstPart);

    /// <summary>Whether it is classes that are asked about, and not the outputs as a whole.</summary>
    internal bool AsksOfClasses => Target.Parts.Any(part => part is not (SimilarityTarget or OwnTarget));

    /// <summary>Whether the numbers that stand in the columns of probabilities and scores are probabilities.</summary>
    internal bool ShowsProbabilities => ScoreRule != ScoreRule.None && Target.Parts.All(part => part is not (SimilarityTarget or OwnTarget or OutputTarget));

    /// <summary>
    /// What was found out about this network and is taken for granted unless an option says otherwise: what its scores are read as, then, where
    /// there is something to say, which of several outputs they are, which of the file's class names are left out, and what does not work with it.
    /// </summary>
    /// <param name="network">The network; it is loaded.</param>
    /// <returns>Sentences.</returns>
    /// <exception cref="ArgumentException"><see cref="ScoreRule"/> cannot mean anything for these scores, or nothing tells what one single score is.</exception>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    public IReadOnlyList<string> FindingsFor(ImageNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        NetworkFit.CheckTask(network, this);
        if (network is BakedImageNetwork baked)
        {
            return BakedFit.Findings(baked, FittedTo(baked));
        }

        Saliency.Questions.Question question = Saliency.Questions.QuestionOf.Target(network, Target, ScoreRule, Labels ?? network.Labels);
        IEnumerable<string> flat = Layers is null ? [] : network.Layers.Where(layer => Layers.Contains(layer.Name) && layer.Kind == LayerVerdict.NoGradient)
            .Select(layer => $"Maps by gradients of the layer '{layer.Name}' are flat. {layer.Verdict}");
        return [question.ToString(), .. new[] { network.Remark, QuestionNotes.OfPlace(question, Method), QuestionNotes.OfSigns(network, UsualOrNamed(network), Method) }.OfType<string>(), .. flat];
    }

    private IReadOnlyList<FeatureLayer> UsualOrNamed(ImageNetwork network) => Layers is null && network.WhyNoDefaultLayer is not null ? [] : LayersFor(network);

    internal int TargetsPerRow => Target.TargetCount;

    /// <summary>The length of the leading dimension that all columns have, of a target that is made of several; null where there is none.</summary>
    internal int? TargetDimension => Target is TopTarget or SeveralTarget ? Target.TargetCount : null;

    /// <summary>The layers of a network that are explained with these options; none for a method that needs none. Reads the network.</summary>
    /// <param name="network">The network.</param>
    /// <exception cref="ArgumentException">The network has no such layer, none that can be explained, or several where the map is to have the size of one.</exception>
    public IReadOnlyList<FeatureLayer> LayersFor(ImageNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        FeatureLayer[] layers = !Method.UsesLayer ? [] : Layers is { } names ? [.. names.Select(network.FindLayer)] : Method.UsualLayers(network);
        CheckMapSize(layers.Length);
        CheckHeatFeatures(layers.Length);
        return layers;
    }
}
