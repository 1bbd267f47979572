using Microsoft.ML.AbsCam.Measures;

namespace Microsoft.ML.AbsCam.Audit.Differences;

/// <summary>A picture as both explain it.</summary>
internal sealed record PicturePair(ExplainedPicture First, ExplainedPicture Second)
{
    /// <summary>Pearson's correlation of the two maps; NaN where one is even, or is not there.</summary>
    public double Likeness { get; } = First.Heat.Length == Second.Heat.Length ? Correlation.Pearson(First.Heat, Second.Heat) : double.NaN;

    public bool KeepsClass => First.Class == Second.Class;

    /// <summary>Whether the two maps can be compared: both are there, and explain one class.</summary>
    public bool HasReasons => KeepsClass && First.Heat.Length > 0 && Second.Heat.Length > 0;

    /// <summary>Whether the network was right in each; null where nobody says what the picture shows.</summary>
    public (bool First, bool Second)? Right => First.Truth.Length == 0 ? null : (First.Class == First.Truth, Second.Class == First.Truth);
}
