using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Places;

/// <summary>Neighbouring cells of the map where a class's heat lies more often than the heat of other classes.</summary>
/// <param name="Class">The class.</param>
/// <param name="Cells">The cells, row by row.</param>
/// <param name="Rows">The class's rows whose heat lies in at least one of them.</param>
/// <param name="Share">The share of the class's rows.</param>
/// <param name="ShareElsewhere">The share of other classes' rows.</param>
/// <param name="PValue">Corrected for all classes and cells.</param>
/// <param name="Strength">The count's distance from its expectation in deviations, at the strongest cell.</param>
internal sealed record PlaceSuspect(int Class, bool[] Cells, IReadOnlyList<EvidenceRow> Rows, double Share, double ShareElsewhere, double PValue, double Strength);
