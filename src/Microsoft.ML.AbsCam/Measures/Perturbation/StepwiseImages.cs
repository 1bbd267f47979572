namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>An image that changes into another, some pixels a step, in falling order of saliency.</summary>
/// <param name="row">The image and its map.</param>
/// <param name="state">What it begins as [C,H,W]; changed.</param>
/// <param name="target">What it ends as [C,H,W].</param>
/// <param name="pixelsPerStep">Pixels a step.</param>
/// <param name="firstStep">1 where what it begins as is not asked for, else 0.</param>
internal sealed class StepwiseImages(RowImage row, float[] state, ReadOnlyMemory<float> target, int pixelsPerStep, int firstStep) : ProbeImages
{
    private int _step = firstStep;
    private int _done;

    public override void WriteNext(Span<float> image)
    {
        int end = Math.Min(_step * pixelsPerStep, row.Pixels);
        ReadOnlySpan<int> changed = row.Order.AsSpan(_done, end - _done);
        ReadOnlySpan<float> goal = target.Span;
        for (int plane = 0; plane < state.Length; plane += row.Pixels)
        {
            foreach (int pixel in changed)
            {
                state[plane + pixel] = goal[plane + pixel];
            }
        }

        state.CopyTo(image);
        (_done, _step) = (end, _step + 1);
    }
}
