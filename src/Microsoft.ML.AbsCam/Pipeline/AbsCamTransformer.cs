using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Pipeline;
using Microsoft.ML.AbsCam.Pipeline.Batches;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.AbsCam.Pipeline.Outputs;
using Microsoft.ML.AbsCam.Pipeline.Views;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam;

/// <summary>Appends saliency maps to rows of images; made by <see cref="AbsCamEstimator"/>.</summary>
/// <remarks>
/// <para>Rows are computed when they are read, in batches, and only for the columns that are read. Every pass over the rows computes them anew: behind
/// a trainer, which reads its data many times, put <c>AppendCacheCheckpoint</c> between the two. The log says so at a second pass.</para>
/// <para>Dispose the transformer, or the chain or prediction engine that holds it, to free the network's native memory.</para>
/// <para>Where maps, scores or other appended columns are read, <see cref="IDataView.GetRowCursorSet"/> gives one cursor, however many are asked for: passes
/// through one network take turns, and each is spread over the cores already. To explain on several threads at once, give each a fitted
/// transformer of its own, with a network of its own, and a part of the rows (docs/samples/ExplainInParallel.cs).</para>
/// </remarks>
public sealed class AbsCamTransformer : ITransformer, IDisposable
{
    private readonly IHost _host;
    private readonly bool _ownsNetwork;
    private readonly Lazy<FeatureLayer[]> _layers;
    private readonly Lazy<ExplainerFactory> _explainers;
    private readonly Lazy<AbsCamOptions> _effective;
    private volatile bool _isDisposed;

    internal AbsCamTransformer(IHostEnvironment environment, string outputColumnName, string inputColumnName, ImageNetwork network, AbsCamOptions options, bool ownsNetwork)
    {
        _host = environment.Register(nameof(AbsCamTransformer));
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName;
        Network = network;
        Options = options;
        _ownsNetwork = ownsNetwork;
        _effective = new Lazy<AbsCamOptions>(() => NetworkFit.WithOwnLabels(network, options));
        _layers = new Lazy<FeatureLayer[]>(() => [.. options.LayersFor(network)]);
        _explainers = new Lazy<ExplainerFactory>(() => new ExplainerFactory(_host, network, options, _layers.Value));
    }

    /// <summary>The name of the map column.</summary>
    public string OutputColumnName { get; }

    /// <summary>The name of the image column.</summary>
    public string InputColumnName { get; }

    /// <summary>The options that the transformer was made with.</summary>
    public AbsCamOptions Options { get; }

    /// <summary>The network whose decisions are explained.</summary>
    public ImageNetwork Network { get; }

    /// <summary>The feature layer that is explained, the first of several, with the reason for its choice. Reads the network.</summary>
    /// <exception cref="InvalidOperationException">The method explains no layer.</exception>
    /// <exception cref="ArgumentException">The network has no such layer, or none that can be explained.</exception>
    /// <exception cref="NetworkLoadException">The network cannot be read.</exception>
    public FeatureLayer Layer
    {
        get
        {
            CheckAlive();
            if (!Options.Method.UsesLayer)
            {
                throw new InvalidOperationException($"The method '{Options.Method}' works on the image and explains no layer.");
            }

            return _layers.Value[0];
        }
    }

    /// <summary>Always true: a row's map depends on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The schema after this transformer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).Schema;

    /// <summary>Appends the columns to the data, lazily: no row is read before the result is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ColumnBinding binding = Bind(input.Schema);
        return new AbsCamDataView(input, binding, Options, NewExplainer(binding));
    }

    /// <summary>A mapper of single rows, as prediction engines use it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ColumnBinding binding = Bind(inputSchema);
        return new AbsCamRowMapper(binding, NewExplainer(binding));
    }

    /// <summary>Frees the network, where the transformer owns it. Reading rows afterwards throws <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            if (_ownsNetwork)
            {
                Network.Dispose();
            }
        }
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        CheckAlive();
        ModelArchive.Save(ctx, this);
    }

    /// <summary>What explains rows of a schema, for the columns that are read; the network is read on first use.</summary>
    private Func<ColumnNeeds, RowExplainer> NewExplainer(ColumnBinding binding) => needs =>
    {
        CheckAlive();
        return new RowExplainer(_host, Network, binding.Input, binding.Asked, needs, _effective.Value, _explainers.Value, CheckAlive);
    };

    /// <summary>Explains batches that do not come from a data view; the network is read on first use.</summary>
    internal IExplainer Explainer
    {
        get
        {
            CheckAlive();
            return _explainers.Value.Explainer;
        }
    }

    internal void CheckAlive() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    private ColumnBinding Bind(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        CheckAlive();
        KnownShape known = Network.Known;
        InputColumn input = InputColumn.Find(schema, InputColumnName, Options.Layout, known.Channels);
        AskColumns asked = AskColumns.Find(schema, Options.Target, _effective.Value.Labels, known.ClassCount);
        NetworkFit.CheckInput(Network.Name, known, Network.Levels, input, Options.Preprocessing);
        NetworkFit.CheckClasses(Network.Name, known, Options);
        (int height, int width) = MapDimensions(input);
        return new ColumnBinding(schema, input, asked, OutputColumns.For(OutputColumnName, _effective.Value, height, width, ClassCount, () => Layer.Channels, ColumnAnnotations.NextScoreSet(schema)));
    }

    private (int Height, int Width) MapDimensions(InputColumn input)
    {
        if (Options.Columns.Overlay is { } overlay && !input.IsImage)
        {
            throw NetworkFit.OverlayOfVectors(overlay, InputColumnName);
        }

        if (Options.MapSize == MapSize.Layer)
        {
            FeatureLayer layer = Layer;
            return (layer.Height, layer.Width);
        }

        if (!input.IsImage)
        {
            return (input.Height, input.Width);
        }

        return Options.Preprocessing is { } preprocessing ? (preprocessing.Height, preprocessing.Width) : (Network.Shape.Height, Network.Shape.Width);
    }

    private int ClassCount() => _effective.Value.Labels?.Count ?? NetworkFit.ClassCount(Network.Shape, Options);
}
