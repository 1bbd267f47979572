using Microsoft.ML.AbsCam.Saliency.Blurs;

namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>A blur of the image, with the same kernel along both axes however small the image is.</summary>
/// <param name="Text">What it is, in words.</param>
/// <param name="Reflects">Whether the image goes on beyond its border as in a mirror (… c b | a b c …), or is 0 there.</param>
/// <param name="Kernel">The weights along one axis, an odd number.</param>
internal sealed record BlurSubstrate(string Text, bool Reflects, float[] Kernel) : ImageSubstrate
{
    public bool Equals(BlurSubstrate? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    internal override void Fill(ReadOnlySpan<float> image, int height, int width, Span<float> substrate)
        => new SeparableBlur(Kernel, Kernel, Reflects).Fill(image, height, width, substrate);
}
