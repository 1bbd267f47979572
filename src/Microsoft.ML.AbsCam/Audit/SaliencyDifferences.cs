using Microsoft.ML.AbsCam.Audit.Differences;

namespace Microsoft.ML.AbsCam;

/// <summary>Two explained data sets beside each other: <c>mlContext.Saliency.Diff</c>.</summary>
public static class SaliencyDifferences
{
    /// <summary>
    /// Tells what changed between two explained data sets of the same pictures, of two models or of two dates: classes that are given to other pictures, known better or worse, or
    /// with another certainty, and classes whose heat moved or changed though the class did not. Pictures are paired by their names, in any order; each data set is read once, and
    /// memory is rows times 14 x 14 cells of their maps.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="first">Explained pictures: names, maps, classes and probabilities.</param>
    /// <param name="second">The same pictures, explained otherwise. Effects are this less the first.</param>
    /// <param name="options">The columns, and everything else; null takes the defaults.</param>
    /// <returns>Findings, of which <see cref="AuditFinding.Rows"/> are rows of the first, and what was tested. The same data and options give the same report.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">The two have no picture in common, or one has two of one name.</exception>
    public static AuditReport Diff(this SaliencyCatalog catalog, IDataView first, IDataView second, DiffOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        options ??= new DiffOptions();
        options.Validate();
        return Differ.Run(first, second, options);
    }
}
