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
    private readonly List<TransformerChain<KeyToValueMappingTransformer>> _pipelines = [];
    private volatile bool _isReady;
    private int _engines;

    /// <summary>Whether a photo has been explained with every engine's network.</summary>
    public bool IsReady => _isReady;

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
                ImageNetwork network = options.Model is null ? ImageNetwork.FromOnnx(DemoNetwork.ReadOnnx()) : ImageNetwork.FromOnnx(options.Model);
                _networks.Add(network);
                _pipelines.Add(Fit(network));
                using PredictionEngine<PhotoRow, PhotoExplanation> engine = NewEngine(i);
                using var grey = MLImage.CreateFromPixels(Preprocessing.Width, Preprocessing.Height, MLPixelFormat.Bgra32, Enumerable.Repeat<byte>(128, 4 * Preprocessing.Width * Preprocessing.Height).ToArray());
                engine.Predict(new PhotoRow { Image = grey });
            }
        }

        _isReady = true;
    }

    // <engine>
    /// <summary>
    /// An engine is for one thread at a time; the fitted pipeline behind it is for all. An engine disposes its pipeline, and
    /// with it the network of everybody else, unless it is told that the pipeline is not its own.
    /// </summary>
    public PredictionEngine<PhotoRow, PhotoExplanation> NewEngine() => NewEngine(Interlocked.Increment(ref _engines) - 1);

    private PredictionEngine<PhotoRow, PhotoExplanation> NewEngine(int number) => _context.Model.CreatePredictionEngine<PhotoRow, PhotoExplanation>(
        _pipelines[number % _pipelines.Count], new PredictionEngineOptions { OwnsTransformer = false });

    // </engine>

    public void Dispose()
    {
        lock (_opening)
        {
            _pipelines.ForEach(pipeline => pipeline.Dispose());
            _networks.ForEach(network => network.Dispose());
        }
    }

    private TransformerChain<KeyToValueMappingTransformer> Fit(ImageNetwork network)
    {
        (int height, int width) = (network.Shape.Height, network.Shape.Width);
        ImagePreprocessing usual = ImagePreprocessing.For(height, width);
        Preprocessing = options.Model is null
            ? usual with { Mean = DemoNetwork.Mean, Std = DemoNetwork.Std }
            : usual with { Mean = options.Mean ?? usual.Mean, Std = options.Std ?? usual.Std };
        var explain = _context.Transforms.AbsCam(nameof(PhotoExplanation.Saliency), nameof(PhotoRow.Image), network, new AbsCamOptions
        {
            Phase = options.Phase,
            Preprocessing = Preprocessing,
            Labels = options.Model is null ? DemoNetwork.Classes
                : options.Labels is not null ? File.ReadAllLines(options.Labels)
                : [.. Enumerable.Range(0, network.Shape.ClassCount).Select(number => $"class {number}")],
            ClassColumn = "ClassKey",
            ProbabilityColumn = nameof(PhotoExplanation.Probability),
            StatusColumn = nameof(PhotoExplanation.Status),
        });
        return explain.Append(_context.Transforms.Conversion.MapKeyToValue(nameof(PhotoExplanation.Class), "ClassKey"))
            .Fit(_context.Data.LoadFromEnumerable(Array.Empty<PhotoRow>()));
    }
}
