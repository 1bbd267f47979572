using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Interventions;

/// <summary>Rectangles as large as a region, at random places that overlap it as little as a few tries find.</summary>
internal static class RandomRegions
{
    private const int Tries = 8;

    public static bool[] Like(bool[] region, InputFrame frame, Random random)
    {
        int size = region.Count(true);
        int height = Math.Clamp((int)Math.Round(Math.Sqrt(size * (double)frame.Height / frame.Width)), 1, frame.Height);
        int width = Math.Clamp((int)Math.Round(size / (double)height), 1, frame.Width);
        bool[]? best = null;
        int least = int.MaxValue;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            (int top, int left) = (random.Next(frame.Height - height + 1), random.Next(frame.Width - width + 1));
            bool[] rectangle = new bool[region.Length];
            int overlap = 0;
            for (int y = top; y < top + height; y++)
            {
                rectangle.AsSpan((y * frame.Width) + left, width).Fill(true);
                overlap += region.AsSpan((y * frame.Width) + left, width).Count(true);
            }

            (best, least) = overlap < least ? (rectangle, overlap) : (best, least);
        }

        return best!;
    }
}
