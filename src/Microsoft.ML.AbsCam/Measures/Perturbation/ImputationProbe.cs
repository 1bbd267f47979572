using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>The image without a share of its pixels, the most or the least salient, which are imputed from what is left: one image a share.</summary>
/// <param name="Protocol">The shares, and the noise.</param>
/// <param name="LeastFirst">Whether the least salient pixels go first.</param>
internal sealed record ImputationProbe(RoadProtocol Protocol, bool LeastFirst) : PerturbationProbe
{
    public override bool AsksForHighest => true;

    public override int Count(int pixels) => Protocol.Percentages.Count;

    public override ProbeImages Of(RowImage row) => new Imputed(this, row);

    private sealed class Imputed(ImputationProbe probe, RowImage row) : ProbeImages
    {
        private readonly SeededNumbers _numbers = new((ulong)probe.Protocol.Seed);
        private readonly bool[] _isMissing = new bool[row.Pixels];
        private int _place;

        public override void WriteNext(Span<float> image)
        {
            row.Values.CopyTo(image);
            int count = (int)((long)row.Pixels * probe.Protocol.Percentages[_place] / 100);
            Array.Clear(_isMissing);
            foreach (int pixel in probe.LeastFirst ? row.Order.AsSpan(row.Pixels - count) : row.Order.AsSpan(0, count))
            {
                _isMissing[pixel] = true;
            }

            LinearImputation.Fill(image, row.Height, row.Width, _isMissing);
            long first = (long)_place * image.Length;
            for (int i = 0; i < image.Length; i++)
            {
                if (_isMissing[i % row.Pixels])
                {
                    image[i] += (float)(probe.Protocol.Noise * _numbers.Gaussian(first + i));
                }
            }

            _place++;
        }
    }
}
