namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>What came of an audit of one network.</summary>
/// <param name="Number">Which network.</param>
/// <param name="KnowsObjects">Whether the audit was told where objects are.</param>
/// <param name="Accuracy">On pictures as it was trained on, with objects that are plain to see.</param>
/// <param name="Reliance">How much planting it into clean pictures of other classes raises the class's probability: whether it was learnt.</param>
/// <param name="IsFound">Whether a shortcut of the class is reported.</param>
/// <param name="Sentences">What is reported of the class.</param>
internal sealed record AuditOutcome(int Number, bool KnowsObjects, double Accuracy, double Reliance, bool IsFound, IReadOnlyList<string> Sentences)
{
    // A plant that raises its class by less was not learnt: the network has nothing to be found.
    private const double LeastReliance = 0.1;

    public bool IsLearnt => Reliance >= LeastReliance;

    /// <summary>Reported shortcuts of other classes.</summary>
    public IReadOnlyList<string> FalseAlarms { get; init; } = [];

    /// <summary>Intersection over union of the reported pixels and the planted ones; null where no pixels are reported.</summary>
    public double? Overlap { get; init; }

    /// <summary>Seconds to explain the pictures once.</summary>
    public double ExplainSeconds { get; init; }

    /// <summary>Seconds of the audit beside.</summary>
    public double AuditSeconds { get; init; }
}
