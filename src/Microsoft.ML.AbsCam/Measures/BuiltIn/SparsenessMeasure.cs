using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Measures.BuiltIn;

/// <summary>The Gini index of the map's absolute values, v in rising order: sum of (2 i - n - 1) v_i over n times the sum of v.</summary>
internal sealed class SparsenessMeasure() : SaliencyMeasure("sparseness", "Gini index of the map's absolute values", isHigherBetter: true)
{
    public override bool IsJudging => false;

    internal override MeasureValue Judge(RowEvidence row)
    {
        float[] rising = new float[row.Image.Map.Length];
        TensorPrimitives.Abs<float>(row.Image.Map, rising);
        Array.Sort(rising);
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < rising.Length; i++)
        {
            sum += rising[i];
            weighted += ((2.0 * (i + 1)) - rising.Length - 1) * rising[i];
        }

        return weighted / (rising.Length * sum);
    }
}
