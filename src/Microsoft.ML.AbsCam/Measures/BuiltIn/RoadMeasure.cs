using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

/// <summary>ROAD: the share of rows whose class is still the highest while pixels go and are imputed, the mean over the shares of pixels.</summary>
internal sealed class RoadMeasure(RoadProtocol protocol, bool leastFirst)
    : SaliencyMeasure(leastFirst ? "road-lerf" : "road-morf", $"class still highest, {(leastFirst ? "least" : "most")} relevant first, {protocol}", isHigherBetter: leastFirst)
{
    internal override IReadOnlyList<PerturbationProbe> Probes { get; } = [new ImputationProbe(protocol, leastFirst)];

    internal override bool IsDear => true;

    internal override bool NeedsRivals => true;

    /// <summary>The untouched image comes first.</summary>
    internal override CurveAxes Axes { get; } = new([0, .. protocol.Percentages.Select(share => share / 100.0)], $"share of pixels imputed, {(leastFirst ? "least" : "most")} relevant first", "class still the highest, share of photos");

    internal override MeasureValue Judge(RowEvidence row) => row.Scores(Probes[0]).Average(isHighest => (double)isHighest);

    internal override float[] CurveOf(RowEvidence row) => [row.IsHighest ? 1 : 0, .. row.Scores(Probes[0])];
}
