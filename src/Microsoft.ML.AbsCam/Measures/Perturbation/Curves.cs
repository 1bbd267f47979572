namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>A row's curves, both ends included: the untouched image is the first of the one and the last of the other.</summary>
internal static class Curves
{
    public static float[] OfDeletion(RowEvidence row, PerturbationProbe probe) => [row.Probability, .. row.Scores(probe)];

    public static float[] OfInsertion(RowEvidence row, PerturbationProbe probe) => [.. row.Scores(probe), row.Probability];
}
