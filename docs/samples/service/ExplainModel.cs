using System.Collections.Concurrent;
using Microsoft.ML.AbsCam.Demo;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>The networks and the fitted pipelines over them, for as long as the service runs. The container disposes it after the last request.</summary>
internal sealed class ExplainModel(ServiceOptions options, ILoggerFactory logs) : IDisposable
{
    private readonly MLContext _context = new();
    private readonly Lock _opening = new();
    private readonly List<ImageNetwork> _networks = [];
    private readonly ConcurrentDictionary<(Question Question, int Network), TransformerChain<KeyToValueMappingTransformer>> _pipelines = new();
    private volatile bool _isReady;
    private int _engines;
    private Offer? _offer;

    /// <summary>Whether a photo has been explained with every engine's network.</summary>
    public bool IsReady => _isReady;

    /// <summary>What can be asked, once the network is read.</summary>
    public Offer Offer => _offer ?? throw new InvalidOperationException("The network is not read yet.");

    /// <summary>How photos become the network's input.</summary>
    public ImagePreprocessing Preprocessing { get; private set; } = ImagePreprocessing.For(1, 1);

    /// <summary>Reads the networks and explains one grey photo with each, so that the first request finds everything warm.</summary>
    public void Load()
    {
        lock (_opening)
        {
            ILogger log = logs.CreateLogger<ExplainModel>();
            _context.Log += (_, message) => ServiceLog.Pipeline(log, message.Message);
            for (int i = 0; i < options.Networks; i++)
            {
                _networks.Add(options.Model is null ? ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx()) : ImageNetwork.FromOnnx(options.Model));
            }

            Preprocessing = PreprocessingOf(_networks[0].Shape);
            _offer = new Offer(_networks[0], ReadLabels(_networks[0]), options);
        }

        foreach (ImageNetwork _ in _networks)
        {
            using PredictionEngine<PhotoRow, PhotoExplanation> engine = NewEngine(Offer.Usual);
            using var grey = MLImage.CreateFromPixels(Preprocessing.Width, Preprocessing.Height, MLPixelFormat.Bgra32, Enumerable.Repeat<byte>(128, 4 * Preprocessing.Width * Preprocessing.Height).ToArray());
            engine.Predict(new PhotoRow { Image = grey });
        }

        _isReady = true;
    }

    // <engine>
    /// <summary>
    /// An engine is for one thread at a time; the fitted pipeline behind it is for all. An engine disposes its pipeline, and
    /// with it the network of everybody else, unless it is told that the pipeline is not its own.
    /// </summary>
    public PredictionEngine<PhotoRow, PhotoExplanation> NewEngine(Question question)
    {
        int network = (Interlocked.Increment(ref _engines) - 1) % _networks.Count;
        return _context.Model.CreatePredictionEngine<PhotoRow, PhotoExplanation>(PipelineFor(question, network), new PredictionEngineOptions { OwnsTransformer = false });
    }

    // </engine>

    public void Dispose()
    {
        lock (_opening)
        {
            foreach (TransformerChain<KeyToValueMappingTransformer> pipeline in _pipelines.Values)
            {
                pipeline.Dispose();
            }

            _networks.ForEach(network => network.Dispose());
        }
    }

    /// <summary>The pipeline for a question, fitted when it is first asked. There are as many questions as methods times layers, and a pipeline is small.</summary>
    private TransformerChain<KeyToValueMappingTransformer> PipelineFor(Question question, int network)
    {
        if (_pipelines.TryGetValue((question, network), out TransformerChain<KeyToValueMappingTransformer>? known))
        {
            return known;
        }

        lock (_opening)
        {
            return _pipelines.GetOrAdd((question, network), _ => Fit(question, _networks[network]));
        }
    }

    private TransformerChain<KeyToValueMappingTransformer> Fit(Question question, ImageNetwork network)
    {
        var explain = _context.Transforms.AbsCam(nameof(PhotoExplanation.Saliency), nameof(PhotoRow.Image), network, new AbsCamOptions
        {
            Method = SaliencyMethod.Parse(question.Method),
            Layers = question.Layer is { } layer ? [layer] : null,
            MapSize = question.IsSmall ? MapSize.Layer : MapSize.Input,
            Target = question.AsksForClass ? SaliencyTarget.Column(nameof(PhotoRow.Class)) : SaliencyTarget.Predicted,
            Preprocessing = Preprocessing,
            Labels = Offer.Labels,
            Columns = new() { Class = "ClassKey", Probability = nameof(PhotoExplanation.Probability), Scores = nameof(PhotoExplanation.Scores), Status = nameof(PhotoExplanation.Status) },
        });
        return explain.Append(_context.Transforms.Conversion.MapKeyToValue(nameof(PhotoExplanation.ClassName), "ClassKey")).Fit(NoRows());
    }

    private IReadOnlyList<string> ReadLabels(ImageNetwork network) => options.Model is null ? DemoNetwork.Classes
        : options.Labels is not null ? File.ReadAllLines(options.Labels)
        : [.. Enumerable.Range(0, CountClasses(network)).Select(number => $"class {number}")];

    /// <summary>As many as probabilities; a single score can stand for two.</summary>
    private int CountClasses(ImageNetwork network)
    {
        const string Scores = nameof(PhotoExplanation.Scores);
        using AbsCamTransformer scores = _context.Transforms.AbsCam("Saliency", nameof(PhotoRow.Image), network, new AbsCamOptions { Preprocessing = Preprocessing, Columns = new() { Scores = Scores } }).Fit(NoRows());
        return ((VectorDataViewType)scores.GetOutputSchema(NoRows().Schema)[Scores].Type).Size;
    }

    private IDataView NoRows() => _context.Data.LoadFromEnumerable(Array.Empty<PhotoRow>());

    private ImagePreprocessing PreprocessingOf(NetworkShape shape)
    {
        ImagePreprocessing usual = ImagePreprocessing.For(shape.Height, shape.Width);
        return options.Model is null
            ? usual with { Mean = DemoNetwork.Mean, Std = DemoNetwork.Std }
            : usual with { Mean = options.Mean ?? usual.Mean, Std = options.Std ?? usual.Std };
    }
}
