using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class DeletionMeasure(PerturbationProtocol protocol) : SaliencyMeasure("deletion", protocol.ToString(), isHigherBetter: false)
{
    internal override IReadOnlyList<PerturbationProbe> Probes { get; } = [new DeletionProbe(protocol)];

    internal override MeasureValue Judge(RowEvidence row) => AreaUnderCurve.Of(Curves.OfDeletion(row, Probes[0]));

    internal override float[] CurveOf(RowEvidence row) => Curves.OfDeletion(row, Probes[0]);
}
