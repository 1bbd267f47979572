using Microsoft.ML.AbsCam.Pipeline;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.AbsCam.Pipeline.Outputs;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// Appends a saliency map to each row of images: where the network looked when it scored the explained class.
/// </summary>
/// <remarks>
/// <para>The method is Abs-CAM (arXiv 2207.03648).</para>
/// <list type="table">
/// <listheader><term>Estimator Characteristics</term><description></description></listheader>
/// <item><term>Does this estimator need to look at the data to train its parameters?</term><description>No</description></item>
/// <item><term>Input column data type</term><description><see cref="Data.MLImage"/> of any size, or a known-size vector of <see cref="float"/> with dimensions [C,H,W] or [H,W,C]</description></item>
/// <item><term>Output column data type</term><description>Known-size vector of <see cref="float"/> [H,W] in [0,1]; further columns on request</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.AbsCam, and a libtorch package of TorchSharp for the platform</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// <para>Only load models from trusted sources.</para>
/// </remarks>
/// <seealso cref="AbsCamCatalog"/>
public sealed class AbsCamEstimator : IEstimator<AbsCamTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly string _outputColumnName;
    private readonly string _inputColumnName;
    private readonly ImageNetwork _network;
    private readonly AbsCamOptions _options;
    private readonly bool _ownsNetwork;

    internal AbsCamEstimator(IHostEnvironment environment, string outputColumnName, string inputColumnName, ImageNetwork network, AbsCamOptions options, bool ownsNetwork)
    {
        _environment = environment;
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _network = network;
        _options = options;
        _ownsNetwork = ownsNetwork;
    }

    /// <summary>Binds to the schema of the data; no row is read and no network loaded.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public AbsCamTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);

        // A network of our own is opened anew for each transformer, so that disposing one leaves the others whole.
        ImageNetwork network = _ownsNetwork ? _network.Reopen() : _network;
        var transformer = new AbsCamTransformer(_environment, _outputColumnName, _inputColumnName, network, _options, _ownsNetwork);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <summary>The schema after this estimator: the input's columns and the appended ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        bool isImage = InputColumn.Check(inputSchema, _inputColumnName);
        if (_options.Columns.Overlay is { } overlay && !isImage)
        {
            throw NetworkFit.OverlayOfVectors(overlay, _inputColumnName);
        }

        NetworkFit.CheckClasses(_network.Name, _network.Known, _options);
        AskColumns.Check(inputSchema, _options.Target);

        Dictionary<string, SchemaShape.Column> columns = inputSchema.ToDictionary(column => column.Name);

        // A shape has kinds and no sizes, so any size will do here.
        AbsCamOptions options = NetworkFit.WithOwnLabels(_network, _options);
        foreach (OutputColumn output in OutputColumns.For(_outputColumnName, options, 1, 1, () => options.Labels?.Count ?? 1))
        {
            columns[output.Name] = SchemaShapes.Column(output.Name, output.Type, output.Annotations);
        }

        return new SchemaShape(columns.Values);
    }
}
