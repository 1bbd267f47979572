using Microsoft.ML.AbsCam.Pipeline.Evaluation.Sanity;

namespace Microsoft.ML.AbsCam;

public sealed partial class SaliencyCatalog
{
    /// <summary>
    /// The sanity check by cascading randomisation (Adebayo et al., NeurIPS 2018): the maps of the trained network beside those of a
    /// network whose layers are drawn anew, from the scores down, for the class that the trained one predicts. Maps that stay alike
    /// do not explain the network.
    /// </summary>
    /// <remarks>
    /// <para>Weights and biases are drawn from a normal distribution with mean 0 and each tensor's own standard deviation; norms begin
    /// anew with scale 1 and bias 0, and keep their running means and variances.</para>
    /// <para>A copy of an ONNX network is drawn anew. A TorchSharp module has no copy: its parameters are changed in place and put back bit
    /// for bit, also after an error. Passes through the same <see cref="ImageNetwork"/> wait meanwhile; nothing else may run the module.</para>
    /// </remarks>
    /// <param name="images">Rows with an image.</param>
    /// <param name="network">The trained network.</param>
    /// <param name="explain">How maps are made; columns that it would append are not made.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">The target is more than one class, or there are no rows.</exception>
    /// <exception cref="NotSupportedException">The network's weights are out of reach, or quantised.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[GridAndSanity](~/docs/samples/GridAndSanity.cs)]
    /// ]]></format>
    /// </example>
    public SanityCheckMetrics SanityCheck(IDataView images, ImageNetwork network, AbsCamOptions explain, SanityCheckOptions? options = null)
    {
        options ??= new SanityCheckOptions();
        SanityCheckMetrics metrics = SanityCheckMetrics.Of(SanityCheckRows(images, network, explain, options), options.Seed);
        return metrics.Rows > 0 ? metrics : throw new ArgumentException("The data has no rows, so there is nothing to measure.", nameof(images));
    }

    /// <summary>The sanity check row by row, as the result is enumerated; <see cref="SanityCheckMetrics.Of"/> sums it up.</summary>
    /// <inheritdoc cref="SanityCheck"/>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[GridAndSanity](~/docs/samples/GridAndSanity.cs)]
    /// ]]></format>
    /// </example>
    public IEnumerable<SanityCheckRowMetrics> SanityCheckRows(IDataView images, ImageNetwork network, AbsCamOptions explain, SanityCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(explain);
        return new SanityCheck(_environment.Register(nameof(SaliencyCatalog)), images, network, explain, options ?? new SanityCheckOptions()).Rows();
    }
}
