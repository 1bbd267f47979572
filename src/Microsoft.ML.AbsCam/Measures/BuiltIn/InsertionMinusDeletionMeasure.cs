using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class InsertionMinusDeletionMeasure(PerturbationProtocol protocol) : SaliencyMeasure("insertion-deletion", protocol.ToString(), isHigherBetter: true)
{
    internal override IReadOnlyList<PerturbationProbe> Probes { get; } = [new InsertionProbe(protocol), new DeletionProbe(protocol)];

    internal override MeasureValue Judge(RowEvidence row)
        => AreaUnderCurve.Of(Curves.OfInsertion(row, Probes[0])) - AreaUnderCurve.Of(Curves.OfDeletion(row, Probes[1]));
}
