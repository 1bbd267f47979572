using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Interventions;

/// <summary>
/// Fills a region from its surroundings, smoothly (push-pull of Gortler and others 1996): the picture is halved, each value the mean of the known ones, until nothing is
/// unknown, and on the way back what is unknown is taken bilinearly from the coarser picture.
/// </summary>
internal static class PushPullFill
{
    /// <param name="picture">[planes, height, width]; its region is overwritten.</param>
    /// <param name="region">The pixels to fill. Where it is all of the picture, nothing is known and nothing is done.</param>
    /// <param name="frame">The size of the picture.</param>
    public static void Fill(Span<float> picture, bool[] region, InputFrame frame)
    {
        if (!region.Contains(false))
        {
            return;
        }

        float[] known = Array.ConvertAll(region, isIn => isIn ? 0f : 1f);
        for (int plane = 0; plane < frame.Planes; plane++)
        {
            Span<float> values = picture.Slice(plane * frame.Pixels, frame.Pixels);
            float[] filled = Fill(values.ToArray(), known, frame.Height, frame.Width);
            for (int i = 0; i < region.Length; i++)
            {
                values[i] = region[i] ? filled[i] : values[i];
            }
        }
    }

    private static float[] Fill(float[] values, float[] known, int height, int width)
    {
        if (!known.Contains(0))
        {
            return values;
        }

        (int halfHeight, int halfWidth) = ((height + 1) / 2, (width + 1) / 2);
        float[] half = new float[halfHeight * halfWidth];
        float[] halfKnown = new float[half.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int to = (i / width / 2 * halfWidth) + (i % width / 2);
            half[to] += values[i] * known[i];
            halfKnown[to] += known[i];
        }

        for (int i = 0; i < half.Length; i++)
        {
            half[i] = halfKnown[i] > 0 ? half[i] / halfKnown[i] : 0;
            halfKnown[i] = halfKnown[i] > 0 ? 1 : 0;
        }

        float[] coarse = Imaging.CellPair.Resize(Fill(half, halfKnown, halfHeight, halfWidth), halfHeight, halfWidth, height, width);
        return [.. values.Select((value, i) => known[i] > 0 ? value : coarse[i])];
    }
}
