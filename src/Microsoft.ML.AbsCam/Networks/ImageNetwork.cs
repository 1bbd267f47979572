using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Messages;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// A network that classifies images, from an ONNX file, a TorchSharp module, a pair of TorchScript files, or a function that scores images.
/// </summary>
/// <remarks>
/// <para>A network is read when it is first needed, and keeps native memory from then on: dispose it when no transformer
/// uses it any more. One network may serve several transformers and threads; passes through it take turns.</para>
/// <para>Only load models from trusted sources.</para>
/// </remarks>
public abstract partial class ImageNetwork : IDisposable
{
    private readonly Lock _turn;
    private readonly Lazy<IntegerLevels?> _levels;
    private bool _isDisposed;

    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="turn">What passes take, where several networks share one source; null for one of the network's own.</param>
    private protected ImageNetwork(string name, Lock? turn = null)
    {
        Name = name;
        _turn = turn ?? new Lock();
        _levels = new Lazy<IntegerLevels?>(ReadLevels);
    }

    /// <summary>The file's name, or the name given to a module; for messages and reports.</summary>
    public string Name { get; }

    /// <summary>Sizes of the input and the number of classes. For a module, or an ONNX file that leaves them open, this reads the network.</summary>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    public NetworkShape Shape => InTurn(ReadShape);

    /// <summary>
    /// The layers that can be explained, in the order in which the network computes them; then those of 1 x 1, which cannot
    /// (<see cref="LayerVerdict.OnePixel"/>).
    /// </summary>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    public IReadOnlyList<FeatureLayer> Layers => InTurn(ReadLayers);

    /// <summary>
    /// Why no layer is taken when nobody names one, and what to do; null where one is. That is so in networks without any map, and
    /// in those whose last map comes before most of their work, as where tokens follow whose places in the image are not known.
    /// </summary>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    public string? WhyNoDefaultLayer => Layers.Any(layer => layer.IsDefault) ? null
        : InTurn(ReadWhyNoDefaultLayer) is string why
            ? $"In the network '{Name}', {why}"
            : $"The network '{Name}' has no feature layer with a height and a width above 1, so there is nothing to explain. A network with maps, or with tokens whose places in the image are known, is needed.";

    /// <summary>Why values that were made elsewhere cannot be the network's input; null where they can. It waits for no pass through the network.</summary>
    /// <param name="values">The values of one image, in any order. Only where the input takes whole numbers is any refused: a fraction would be cut, and a number out of the type's range wrapped.</param>
    public string? WhyNotInput(ReadOnlySpan<float> values)
    {
        for (int i = 0; Levels is { } levels && i < values.Length; i++)
        {
            if (!levels.Takes(values[i]))
            {
                return FormattableString.Invariant($"value {i} is {values[i]}, and the input of the network '{Name}' takes {levels}");
            }
        }

        return null;
    }

    /// <summary>
    /// The output of an ONNX file whose scores are explained, or the value that its outputs rank or pack, where the file has more than one
    /// output or packs its scores; null where there is nothing to tell apart. Reads the network.
    /// </summary>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    public string? ScoresOutput => InTurn(ReadScoresOutput);

    /// <summary>The names of the classes that an ONNX file itself holds, in the order of its scores; null where it holds none, or not one a class.</summary>
    /// <exception cref="NetworkLoadException">The network cannot be read. A file without class names is not read.</exception>
    public IReadOnlyList<string>? Labels => InTurn(ReadLabels);

    /// <summary>What the network is for: what it was opened for, or else what its output looks like. Reads the network.</summary>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    public NetworkTask Task => AskedTask != NetworkTask.Auto ? AskedTask : Layout.Task;

    /// <summary>What <see cref="Task"/> is, as an infinitive, and what it was told by. Reads the network.</summary>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    public string WhyTask => TaskText.Of(Task, AskedTask, Layout, ScoreEvidence, AskedClasses);

    /// <summary>Frees the native memory. A network that is used afterwards throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                ReleaseHeld();
                Release();
            }
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>What the scores are that passes give. Reads the network.</summary>
    internal ScoreEvidence ScoreEvidence => InTurn(ReadScoreEvidence);

    /// <summary>How the output that is asked about lies. Reads the network.</summary>
    internal OutputLayout Layout => InTurn(ReadLayout);

    /// <summary>The whole numbers that the input takes; null for real numbers. It waits for no pass through the network.</summary>
    internal IntegerLevels? Levels => _levels.Value;

    /// <summary>Whether the network is run by an engine of ours, or by whoever made it.</summary>
    internal virtual bool HasEngine => true;

    /// <summary>Whether photos go in as the levels of their pixels, 0 to 255, unless somebody says otherwise.</summary>
    internal virtual bool TakesLevels => Levels is not null;

    /// <summary>The name of the method whose maps are baked into the network's file, which is the only one that explains it; null for a network whose maps are made by any.</summary>
    public virtual string? BakedMethod => null;

    /// <summary>Why no gradient can be had at the input, as the end of a sentence; null where it can.</summary>
    internal virtual string? WhyNoInputGradient => Levels is null ? null : "its input takes whole numbers";

    /// <summary>Whether the weights are in memory.</summary>
    internal abstract bool IsLoaded { get; }

    /// <summary>What importing the network's file may cost; null for the defaults, and for networks that are not imported.</summary>
    internal OnnxImportLimits? ImportLimits { get; set; }

    /// <summary>The output that is asked for; null where the file tells.</summary>
    internal string? AskedOutput { get; set; }

    /// <summary>How many classes there are, to tell which output scores them; null where nobody said.</summary>
    internal int? AskedClasses { get; set; }

    /// <summary>What the network is opened for.</summary>
    internal NetworkTask AskedTask { get; set; }

    /// <summary>The output that a saved pipeline has to name, so that the same one is explained when it is loaded; null where the file tells.</summary>
    internal string? OutputToSave => AskedOutput ?? (IsLoaded || AskedClasses is not null ? ScoresOutput : null);

    /// <summary>Whether the scores that are explained are those of this output. Reads the network.</summary>
    internal bool IsScoresOutput(string name) => InTurn(() => ReadIsScoresOutput(name));

    /// <summary>What can be said of the shape without reading the weights.</summary>
    internal KnownShape Known
    {
        get
        {
            lock (_turn)
            {
                return ReadKnown();
            }
        }
    }

    /// <summary>What a user should know of how the network runs, as a sentence; null where there is nothing.</summary>
    internal string? Remark => InTurn(ReadRemark);

    /// <summary>A second network from the same source, with native memory of its own.</summary>
    internal abstract ImageNetwork Reopen();

    /// <summary>Returns the layer of that name, or the default one for null.</summary>
    /// <exception cref="ArgumentException">There is no such layer, it is of 1 x 1, or no layer can be explained.</exception>
    public FeatureLayer FindLayer(string? name)
    {
        IReadOnlyList<FeatureLayer> layers = Layers;
        if (name is null)
        {
            return layers.FirstOrDefault(layer => layer.IsDefault) ?? throw new ArgumentException(WhyNoDefaultLayer);
        }

        FeatureLayer named = layers.FirstOrDefault(layer => layer.Name == name)
            ?? throw new ArgumentException(UnknownLayer(name, layers.Where(layer => layer.Kind != LayerVerdict.OnePixel).Select(layer => layer.Name)));
        return named.Kind != LayerVerdict.OnePixel
            ? named
            : throw new ArgumentException($"The layer '{name}' is of 1 x 1: it has no places to tell apart, so there is nothing to show. Name one with a height and a width above 1{(layers.FirstOrDefault(layer => layer.IsDefault) is FeatureLayer pick ? $", such as '{pick.Name}'" : "")}.");
    }

    /// <summary>Settles what computes forward passes, and makes it ready.</summary>
    /// <param name="asked">What the user wants.</param>
    /// <param name="device">Where the network runs.</param>
    /// <param name="layers">The layers that will be explained.</param>
    /// <param name="withGradients">Whether gradients will be asked for at them.</param>
    /// <param name="cuda">The CUDA device of ONNX Runtime, by its number; null for the CPU. All passes through the network take what was chosen last.</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime is asked for and cannot be; the message says why.</exception>
    internal EngineChoice ChooseEngine(NetworkEngine asked, Device device, IReadOnlyList<string> layers, bool withGradients = true, int? cuda = null)
    {
        if (asked == NetworkEngine.TorchSharp)
        {
            return new EngineChoice(asked, "asked for");
        }

        (string? whyNot, string? whyNoGradient) = InTurn(() => OpenRuntime(device, layers, withGradients, cuda));
        return whyNot is null
            ? new EngineChoice(NetworkEngine.OnnxRuntime, asked == NetworkEngine.Auto ? "it agrees with TorchSharp on this network" : "asked for", whyNoGradient, cuda)
            : asked == NetworkEngine.Auto
                ? new EngineChoice(NetworkEngine.TorchSharp, $"not in ONNX Runtime: {whyNot}")
                : throw new InvalidOperationException($"AbsCamOptions.Engine is {asked}, and ONNX Runtime cannot run the network '{Name}': {whyNot}. Take {nameof(NetworkEngine.Auto)} or {nameof(NetworkEngine.TorchSharp)}.");
    }

    /// <summary>The network's layers with weights, which can be drawn anew.</summary>
    /// <exception cref="NotSupportedException">The weights are out of reach.</exception>
    internal WeightCascade Cascade() => InTurn(ReadCascade);

    /// <summary>Writes what <see cref="NetworkFormat"/> needs to make an equal network in another process.</summary>
    internal void Save(BinaryWriter writer) => InTurn(() =>
    {
        Write(writer);
        return true;
    });

    private protected abstract void Write(BinaryWriter writer);

    private protected static string UnknownLayer(string name, IEnumerable<string> names)
        => $"The network has no layer named '{name}'.{NearNames.Hint(name, names)} 'abscam layers' lists those that it has, as {nameof(ImageNetwork)}.{nameof(Layers)} does.";

    private protected virtual string? ReadScoresOutput() => null;

    private protected virtual bool ReadIsScoresOutput(string name) => false;

    private protected virtual IReadOnlyList<string>? ReadLabels() => null;

    private protected virtual ScoreEvidence ReadScoreEvidence() => ScoreEvidence.Untold;

    private protected virtual string? ReadRemark() => null;

    private protected virtual OutputLayout ReadLayout() => new OutputLayout.ScoreVector(ReadShape().ClassCount);

    private protected virtual IntegerLevels? ReadLevels() => null;

    private protected abstract KnownShape ReadKnown();

    private protected abstract NetworkShape ReadShape();

    private protected abstract IReadOnlyList<FeatureLayer> ReadLayers();

    /// <returns>Where there are layers and none is the default: why, and what to do, as the end of a sentence.</returns>
    private protected virtual string? ReadWhyNoDefaultLayer() => null;

    /// <returns>Why ONNX Runtime cannot be, and why it cannot make the gradients at the layers; null where it is ready.</returns>
    private protected abstract (string? WhyNot, string? WhyNoGradient) OpenRuntime(Device device, IReadOnlyList<string> layers, bool withGradients, int? cuda);

    private protected abstract Tensor Forward(Tensor input, Device device, NetworkEngine engine);

    /// <summary>What it gives lives in the caller's dispose scope.</summary>
    private protected abstract LayerPass ForwardFromLayer(Tensor input, string layer, Device device, bool withGraph, NetworkEngine engine, bool toOutputs);

    private protected abstract Tensor ForwardTail(Tensor input, string layer, Tensor activation, Device device);

    private protected virtual WeightCascade ReadCascade()
        => throw new NotSupportedException($"The weights of the network '{Name}' are out of reach, so they cannot be drawn anew. Networks from ONNX files and TorchSharp modules can be checked.");

    private protected abstract void Release();

    // Whether the network is still there is asked inside: a reader that waited for its turn may find it gone.
    private protected T InTurn<T>(Func<T> work)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return work();
        }
    }
}
