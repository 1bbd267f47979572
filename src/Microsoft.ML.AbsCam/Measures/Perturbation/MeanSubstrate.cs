namespace Microsoft.ML.AbsCam.Measures.Perturbation;

internal sealed record MeanSubstrate : ImageSubstrate
{
    public override string ToString() => "the mean colour";

    internal override void Fill(ReadOnlySpan<float> image, int height, int width, Span<float> substrate) => substrate.Clear();
}
