using Microsoft.ML.AbsCam.Pipeline.Evaluation.Grid;

namespace Microsoft.ML.AbsCam;

public sealed partial class SaliencyCatalog
{
    /// <summary>
    /// The grid pointing game (Böhle et al., CVPR 2021): images of different classes that the network is sure of are tiled into one
    /// picture, and the map of each class should keep to its own tile. It needs no boxes, and chance is known.
    /// </summary>
    /// <remarks>
    /// <para>Rows go into grids in the order in which they come, so shuffle the data for grids at random; data sorted by class
    /// leaves most rows over. Memory is bounded by <see cref="GridPointingOptions.MostOpenGrids"/>.</para>
    /// <para>Tiles are shrunk to fit the network's input, by area averages after preprocessing. For tiles at the size that the network
    /// was trained with, as in the paper, open an ONNX file that leaves its size open at n times that size
    /// (<see cref="ImageNetwork.FromOnnx(string, int?, int?, OnnxImportLimits?, string?, int?, NetworkTask)"/>).</para>
    /// </remarks>
    /// <param name="images">Rows with an image and perhaps a class.</param>
    /// <param name="network">The network that is explained.</param>
    /// <param name="explain">How maps are made. The target is left out or names a column of classes; columns that it would append are not made.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">The network has too few pixels or classes for the tiles, there are no rows, or no grid filled up.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[GridAndSanity](~/docs/samples/GridAndSanity.cs)]
    /// ]]></format>
    /// </example>
    public GridPointingMetrics GridPointingGame(IDataView images, ImageNetwork network, AbsCamOptions explain, GridPointingOptions? options = null)
    {
        options ??= new GridPointingOptions();
        GridPointingMetrics metrics = GridPointingMetrics.Of(options.TilesPerSide, GridPointingRows(images, network, explain, options), options.Seed);
        if (metrics.Rows == 0)
        {
            throw new ArgumentException("The data has no rows, so there is nothing to measure.", nameof(images));
        }

        return metrics.Grids > 0 ? metrics : throw new ArgumentException(
            $"No grid filled up: {options.TilesPerSide} x {options.TilesPerSide} tiles need images of {options.TilesPerSide * options.TilesPerSide} classes that the network is sure of, " +
            $"and of {metrics.Rows} rows {metrics.LeftOver} are sure, of {metrics.Classes} classes; {metrics.TooUnsure} are too unsure and {metrics.Unusable} unusable. " +
            $"Give more images, or ask for fewer tiles or a lower {nameof(GridPointingOptions.MinimumProbability)}.",
            nameof(images));
    }

    /// <summary>The grid pointing game row by row, as the result is enumerated; <see cref="GridPointingMetrics.Of"/> sums it up.</summary>
    /// <remarks>Each row comes once, as soon as it is known what became of it: not in the order of the data. Where no grid fills up, all rows say why.</remarks>
    /// <inheritdoc cref="GridPointingGame"/>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[GridAndSanity](~/docs/samples/GridAndSanity.cs)]
    /// ]]></format>
    /// </example>
    public IEnumerable<GridPointingRowMetrics> GridPointingRows(IDataView images, ImageNetwork network, AbsCamOptions explain, GridPointingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(explain);
        return new GridGame(_environment.Register(nameof(SaliencyCatalog)), images, network, explain, options ?? new GridPointingOptions()).Rows();
    }
}
