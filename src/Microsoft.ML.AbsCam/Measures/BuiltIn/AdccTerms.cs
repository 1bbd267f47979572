using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Measures.Perturbation;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

/// <summary>The three things that ADCC puts together (Poppi et al. 2021, equations 3 to 6).</summary>
internal static class AdccTerms
{
    public static MaskedProbe Masked { get; } = new();

    public static MaskedMapProbe MaskedMap { get; } = new();

    public static MeasureValue Coherency(RowEvidence row) => row.Maps(MaskedMap).Only(pearson => (pearson + 1) / 2);

    public static double Complexity(RowEvidence row) => TensorPrimitives.SumOfMagnitudes<float>(row.Image.Map) / (double)row.Image.Map.Length;

    public static MeasureValue Drop(RowEvidence row) => row.Probability > 0
        ? Math.Max(0, (double)row.Probability - row.Scores(Masked)[0]) / row.Probability
        : MeasureValue.Not("the class's probability is 0, which cannot drop");
}
