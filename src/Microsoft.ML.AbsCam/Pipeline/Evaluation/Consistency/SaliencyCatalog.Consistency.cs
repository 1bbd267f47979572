using Microsoft.ML.AbsCam.Pipeline.Evaluation.Consistency;

namespace Microsoft.ML.AbsCam;

public sealed partial class SaliencyCatalog
{
    /// <summary>
    /// How alike a class's maps are to one another beside maps of other classes: the mean correlation of two maps of a class less that of a map of the class and one
    /// of another, the mean over classes. A class that is recognised by something at a fixed place is high; it judges no map.
    /// </summary>
    /// <remarks>Maps are compared on a grid of 16 x 16 places that spans each of them. One pass; memory is bounded by the number of classes, not of rows. No network is asked.</remarks>
    /// <param name="data">Rows with a map and a class.</param>
    /// <param name="mapColumn">The column of maps: a vector of float [H,W]; of a vector without dimensions, as many rows as columns. NaN for no map.</param>
    /// <param name="classColumn">The column of the explained classes: a key, an integer from 0, a text among the labels, or a vector of scores.</param>
    /// <param name="labels">The names of the classes, where the column holds names; null takes those of a key.</param>
    /// <param name="seed">What the interval over classes is drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="ArgumentException">There are no rows.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[Evaluate](~/docs/samples/Evaluate.cs)]
    /// ]]></format>
    /// </example>
    public ClassConsistencyMetrics ClassConsistency(IDataView data, string mapColumn = "Saliency", string classColumn = "Class", IReadOnlyList<string>? labels = null, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(mapColumn);
        ArgumentException.ThrowIfNullOrEmpty(classColumn);
        ClassConsistencyMetrics metrics = ConsistencyReader.Read(Register(nameof(ClassConsistency)), data, mapColumn, classColumn, labels, seed);
        return metrics.Rows > 0 ? metrics : throw new ArgumentException("The data has no rows, so there is nothing to measure.", nameof(data));
    }
}
