using Microsoft.ML.AbsCam.Pipeline.Evaluation;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam;

/// <summary>Measures how good saliency maps are: <c>mlContext.Saliency</c>.</summary>
/// <remarks>
/// Rows are read once and in batches, so memory is bounded by the batch. A row that cannot be measured (no image, no map, a flat one,
/// no box) is counted and named, and is in no mean.
/// </remarks>
public sealed partial class SaliencyCatalog
{
    private readonly IHostEnvironment _environment;

    internal SaliencyCatalog(IHostEnvironment environment)
    {
        _environment = environment;
    }

    /// <summary>Where messages of what is done through this catalog go.</summary>
    internal IHost Register(string name) => _environment.Register(name);

    /// <summary>Measures the maps that a transformer made, with its network.</summary>
    /// <param name="data">The transformer's output, or data with the same columns.</param>
    /// <param name="maker">The transformer: columns, preprocessing and network are taken from it.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">A measure is asked for that the columns do not allow, or there are no rows.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[Evaluate](~/docs/samples/Evaluate.cs)]
    /// ]]></format>
    /// </example>
    public SaliencyMetrics Evaluate(IDataView data, AbsCamTransformer maker, SaliencyEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(maker);
        maker.CheckAlive();
        return Sum(data, maker.Network, maker, options);
    }

    /// <summary>Measures maps that came from anywhere.</summary>
    /// <param name="data">Rows with an image, a map, and perhaps a class and boxes or a mask.</param>
    /// <param name="network">The network whose decisions the maps explain.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <inheritdoc cref="Evaluate(IDataView, AbsCamTransformer, SaliencyEvaluationOptions?)" path="/exception"/>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[Evaluate](~/docs/samples/Evaluate.cs)]
    /// ]]></format>
    /// </example>
    public SaliencyMetrics Evaluate(IDataView data, ImageNetwork network, SaliencyEvaluationOptions? options = null)
        => Sum(data, network, null, options);

    /// <summary>Measures row by row, as the result is enumerated; <see cref="SaliencyMetrics.Of"/> sums it up.</summary>
    /// <inheritdoc cref="Evaluate(IDataView, AbsCamTransformer, SaliencyEvaluationOptions?)"/>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[Evaluate](~/docs/samples/Evaluate.cs)]
    /// ]]></format>
    /// </example>
    public IEnumerable<SaliencyRowMetrics> EvaluateRows(IDataView data, AbsCamTransformer maker, SaliencyEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(maker);
        maker.CheckAlive();
        return Rows(data, maker.Network, maker, options).Rows;
    }

    /// <summary>Measures row by row, as the result is enumerated; <see cref="SaliencyMetrics.Of"/> sums it up.</summary>
    /// <inheritdoc cref="Evaluate(IDataView, ImageNetwork, SaliencyEvaluationOptions?)"/>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[Evaluate](~/docs/samples/Evaluate.cs)]
    /// ]]></format>
    /// </example>
    public IEnumerable<SaliencyRowMetrics> EvaluateRows(IDataView data, ImageNetwork network, SaliencyEvaluationOptions? options = null)
        => Rows(data, network, null, options).Rows;

    private SaliencyMetrics Sum(IDataView data, ImageNetwork network, AbsCamTransformer? maker, SaliencyEvaluationOptions? options)
    {
        (IReadOnlyList<SaliencyMeasure> measures, IEnumerable<SaliencyRowMetrics> rows) = Rows(data, network, maker, options);
        SaliencyMetrics metrics = SaliencyMetrics.Of(measures, rows, (options ?? new SaliencyEvaluationOptions()).Seed);
        return metrics.Rows > 0 ? metrics : throw new ArgumentException("The data has no rows, so there is nothing to measure.", nameof(data));
    }

    private (IReadOnlyList<SaliencyMeasure> Measures, IEnumerable<SaliencyRowMetrics> Rows) Rows(IDataView data, ImageNetwork network, AbsCamTransformer? maker, SaliencyEvaluationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(network);
        var plan = new EvaluationPlan(_environment.Register(nameof(SaliencyCatalog)), network, maker, options ?? new SaliencyEvaluationOptions());
        EvaluationColumns columns = EvaluationColumns.Find(data.Schema, plan, plan.Shape.Channels);
        IReadOnlyList<SaliencyMeasure> measures = plan.Measures(columns.TellsObjects);
        return (measures, DataEvaluator.Rows(data, plan, columns, measures));
    }
}
