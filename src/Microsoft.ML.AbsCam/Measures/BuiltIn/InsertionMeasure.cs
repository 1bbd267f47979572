using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

internal sealed class InsertionMeasure(PerturbationProtocol protocol) : SaliencyMeasure("insertion", protocol.ToString(), isHigherBetter: true)
{
    internal override IReadOnlyList<PerturbationProbe> Probes { get; } = [new InsertionProbe(protocol)];

    internal override MeasureValue Judge(RowEvidence row) => AreaUnderCurve.Of(Curves.OfInsertion(row, Probes[0]));

    internal override float[] CurveOf(RowEvidence row) => Curves.OfInsertion(row, Probes[0]);
}
