using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>How far maps move while every value of the image moves a little: |map(x') - map(x)| / |x|, both of them Euclidean lengths.</summary>
/// <param name="Radius">How far a value of the image moves at most.</param>
/// <param name="Samples">How many images are drawn.</param>
/// <param name="Seed">What they are drawn from. All rows are shaken alike, so rows and methods compare.</param>
internal sealed record ShakenMapProbe(double Radius, int Samples, int Seed) : MapProbe
{
    public override string Images => "a shaken image";

    public override int Count(int pixels) => Samples;

    public override ProbeImages Of(RowImage row) => new Shaken(this, row);

    public override double Compare(RowImage row, float[] map)
    {
        double length = TensorPrimitives.Norm(row.Values);
        return length > 0 ? TensorPrimitives.Distance<float>(map, row.Map) / length : double.NaN;
    }

    private sealed class Shaken(ShakenMapProbe probe, RowImage row) : ProbeImages
    {
        private readonly SeededNumbers _numbers = new((ulong)probe.Seed);
        private long _drawn;

        public override void WriteNext(Span<float> image)
        {
            ReadOnlySpan<float> values = row.Values;
            for (int i = 0; i < image.Length; i++)
            {
                image[i] = values[i] + (float)(((2 * _numbers.Uniform(_drawn++)) - 1) * probe.Radius);
            }
        }
    }
}
