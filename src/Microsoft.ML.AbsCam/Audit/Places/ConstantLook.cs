using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Places;

/// <summary>
/// Whether pictures look the same at one place, as marks, borders and stamps do and objects do not. Of each pixel the narrowest interval is taken that holds a quarter of the
/// pictures' values: a quarter of them may have the thing, and the rest not. Where it is much narrower than that of as many pictures of other classes, the pixel has one look;
/// how many such pixels the place has is compared with as many other pictures, drawn anew many times.
/// </summary>
internal sealed class ConstantLook
{
    private const int Draws = 99;
    private const int WholeDraws = 9;
    private const int HeldShare = 4;
    private const int LeastPictures = 3;
    private const double MostByChance = 0.02;
    private const int LeastPixels = 4;

    // What is larger than half of the picture is not a small thing.
    private const double MostShare = 0.5;

    // A pixel is part of the thing where the interval is narrower than this share of what it usually is.
    private const double ConstantShare = 0.4;

    private ConstantLook(bool[] pixels, float[] template, float[] usual, double value) => (Pixels, Template, Usual, PValue) = (pixels, template, usual, value);

    /// <summary>The pixels that look the same.</summary>
    public bool[] Pixels { get; }

    /// <summary>How they look [planes, height, width].</summary>
    public float[] Template { get; }

    /// <summary>How wide the interval usually is, pixel by pixel.</summary>
    public float[] Usual { get; }

    /// <summary>The probability of pictures as alike among those of other classes.</summary>
    public double PValue { get; }

    public int Count => Pixels.Count(true);

    /// <summary>Whether it is a thing of one look, and no larger than half of the picture.</summary>
    public bool IsTelling => PValue <= MostByChance && Count >= LeastPixels && Count <= MostShare * Pixels.Length;

    /// <summary>What it is, in words.</summary>
    public string Words(InputFrame frame) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a thing of one look {PixelSets.Words(Pixels, frame)} ({Count / (double)frame.Pixels:P1} of the picture)");

    /// <param name="own">The class's pictures whose heat lies there.</param>
    /// <param name="others">Pictures of other classes.</param>
    /// <param name="place">The pixels of the place, somewhat widened.</param>
    /// <param name="frame">The size of the pictures.</param>
    /// <param name="random">What other pictures are drawn by.</param>
    /// <returns>Null where there are too few pictures to say.</returns>
    public static ConstantLook? Of(IReadOnlyList<float[]> own, IReadOnlyList<float[]> others, bool[] place, InputFrame frame, Random random)
    {
        // Of fewer other pictures all are taken each time.
        int count = Math.Min(own.Count, others.Count);
        if (count < LeastPictures)
        {
            return null;
        }

        float[][] taken = [.. own.Take(count)];
        int[] everywhere = [.. Enumerable.Range(0, frame.Pixels)];
        int[] pixels = [.. everywhere.Where(i => place[i])];
        float[][] pool = [.. others];
        float[] usual = new float[frame.Pixels];
        for (int draw = 0; draw < WholeDraws; draw++)
        {
            random.Shuffle(pool);
            System.Numerics.Tensors.TensorPrimitives.Add(usual, Widths(pool[..count], everywhere, frame, null), usual);
        }

        System.Numerics.Tensors.TensorPrimitives.Divide(usual, WholeDraws, usual);
        int constantOf(float[][] pictures) => Widths(pictures, pixels, frame, null).Index().Count(width => width.Item <= ConstantShare * usual[pixels[width.Index]]);
        int observed = constantOf(taken);
        int asMany = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            random.Shuffle(pool);
            asMany += constantOf(pool[..count]) >= observed ? 1 : 0;
        }

        float[] template = new float[frame.Length];
        float[] widths = Widths(taken, everywhere, frame, template);
        bool[] constant = [.. everywhere.Select(i => widths[i] <= ConstantShare * usual[i])];
        return new ConstantLook(PixelSets.TouchedBy(PixelSets.WithoutSpecks(constant, frame), place, frame), template, usual, (1.0 + asMany) / (Draws + 1));
    }

    /// <summary>Whether a picture shows the thing: its pixels are nearer to the thing's than pictures usually are to one another.</summary>
    public bool IsIn(ReadOnlySpan<float> picture, InputFrame frame)
    {
        double distance = 0;
        double usual = 0;
        for (int i = 0; i < Pixels.Length; i++)
        {
            if (Pixels[i])
            {
                usual += Usual[i];
                for (int plane = 0; plane < frame.Planes; plane++)
                {
                    distance += Math.Abs(picture[(plane * frame.Pixels) + i] - Template[(plane * frame.Pixels) + i]) / frame.Planes;
                }
            }
        }

        return usual > 0 && distance <= usual / 2;
    }

    // The mean width over the planes, pixel by pixel of those asked for; the intervals' middles go into the template, where there is one.
    private static float[] Widths(float[][] pictures, int[] pixels, InputFrame frame, float[]? template)
    {
        int held = Math.Max(3, pictures.Length / HeldShare);
        float[] widths = new float[pixels.Length];
        float[] values = new float[pictures.Length];
        for (int at = 0; at < pixels.Length; at++)
        {
            for (int plane = 0; plane < frame.Planes; plane++)
            {
                int place = (plane * frame.Pixels) + pixels[at];
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = pictures[i][place];
                }

                Array.Sort(values);
                int best = 0;
                for (int first = 1; first + held <= values.Length; first++)
                {
                    best = values[first + held - 1] - values[first] < values[best + held - 1] - values[best] ? first : best;
                }

                widths[at] += (values[best + held - 1] - values[best]) / frame.Planes;
                if (template is not null)
                {
                    template[place] = (values[best] + values[best + held - 1]) / 2;
                }
            }
        }

        return widths;
    }
}
