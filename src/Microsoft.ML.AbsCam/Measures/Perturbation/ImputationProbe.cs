using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>The image without a share of its pixels, the most or the least salient, which are imputed from what is left: one image a share.</summary>
/// <param name="Protocol">The shares, and the noise.</param>
/// <param name="LeastFirst">Whether the least salient pixels go first.</param>
internal sealed record ImputationProbe(RoadProtocol Protocol, bool LeastFirst) : PerturbationProbe
{
    /// <summary>How many images are made at once, at most; they are the same for any number.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    public override bool AsksForHighest => true;

    public override int Count(int pixels) => Protocol.Percentages.Count;

    public override ProbeImages Of(RowImage row) => new Imputed(this, row);

    private sealed class Imputed(ImputationProbe probe, RowImage row) : ProbeImages
    {
        private readonly SeededNumbers _numbers = new((ulong)probe.Protocol.Seed);
        private float[][]? _images;
        private int _place;

        // Solving takes most of the time, and no image of a row needs another: all of them are made at once, each by one thread.
        public override void WriteNext(Span<float> image) => (_images ??= All())[_place++].CopyTo(image);

        private float[][] All()
        {
            float[][] images = new float[probe.Protocol.Percentages.Count][];
            int[] order = row.Order;

            // The largest holes take the longest, so they come first.
            Parallel.For(0, images.Length, new ParallelOptions { MaxDegreeOfParallelism = probe.Threads }, i => images[^(i + 1)] = Image(images.Length - 1 - i, order));
            return images;
        }

        private float[] Image(int place, int[] order)
        {
            float[] image = row.Values.ToArray();
            bool[] isMissing = new bool[row.Pixels];
            int count = (int)((long)row.Pixels * probe.Protocol.Percentages[place] / 100);
            foreach (int pixel in probe.LeastFirst ? order.AsSpan(row.Pixels - count) : order.AsSpan(0, count))
            {
                isMissing[pixel] = true;
            }

            LinearImputation.Fill(image, row.Height, row.Width, isMissing);
            long first = (long)place * image.Length;
            for (int i = 0; i < image.Length; i++)
            {
                if (isMissing[i % row.Pixels])
                {
                    image[i] += (float)(probe.Protocol.Noise * _numbers.Gaussian(first + i));
                }
            }

            return image;
        }
    }
}
