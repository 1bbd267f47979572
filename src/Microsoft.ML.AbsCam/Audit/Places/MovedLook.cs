using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Places;

/// <summary>
/// A thing of one look that may lie elsewhere in each picture, as stickers and logos do: a small square that some pictures of a class hold as if it were copied, while the
/// nearest of all other pictures is far from it. Parts of objects are like one another more or less, without such a gap.
/// </summary>
/// <param name="Members">The pictures that hold it: the index of each, and the upper left pixel of the square there.</param>
/// <param name="Nearest">The distance of the nearest picture that does not hold it.</param>
/// <param name="Farthest">The distance of the farthest that does.</param>
/// <param name="Square">The square it was found by.</param>
internal sealed record MovedLook(IReadOnlyList<(int Picture, int Top, int Left)> Members, float Nearest, float Farthest, LookSquare Square)
{
    public const int LeastMembers = 3;

    // What differs by less of its own structure is as good as copied: photos are compressed and scaled.
    private const float Copied = 0.3f;

    /// <summary>Distances above it are not told apart.</summary>
    public const float Far = 0.6f;

    /// <summary>How far apart those that hold it and those that do not have to be.</summary>
    public const float LeastGap = 0.2f;

    // What is larger than this is no small thing, or the pictures are copies of each other.
    private const double MostShare = 0.3;
    private const int LeastPixels = 16;

    // A pixel is part of the thing where its values differ by less than this share of what pixels usually do.
    private const float ConstantShare = 0.25f;

    /// <summary>Halfway between those that hold it and those that do not.</summary>
    public float Limit => (Farthest + Nearest) / 2;

    /// <summary>How far the pictures that hold a square lie from the others: the widest gap after the least number of members; 0 where there is none.</summary>
    /// <param name="sorted">The pictures' distances, the nearest first, the square's own picture among them.</param>
    public static (float Gap, int Count) GapOf(IReadOnlyList<float> sorted)
    {
        (float gap, int count) = (0, 0);
        for (int i = LeastMembers; i < sorted.Count && sorted[i - 1] <= Copied; i++)
        {
            (gap, count) = sorted[i] - sorted[i - 1] > gap ? (sorted[i] - sorted[i - 1], i) : (gap, count);
        }

        return (gap, count);
    }

    /// <param name="square">A square of one of the pictures.</param>
    /// <param name="pictures">The class's pictures.</param>
    /// <param name="frame">Their size.</param>
    /// <returns>Null where no gap sets some of them apart.</returns>
    public static MovedLook? Of(LookSquare square, IReadOnlyList<float[]> pictures, InputFrame frame)
    {
        (float Distance, int Picture, int Top, int Left)[] found = [.. pictures
            .Select((picture, i) => (Best: square.BestIn(picture, frame, Far), i))
            .Select(pair => (pair.Best.Distance, pair.i, pair.Best.Top, pair.Best.Left)).OrderBy(one => one.Distance)];
        (float gap, int count) = GapOf([.. found.Select(one => one.Distance)]);
        return gap < LeastGap ? null : new MovedLook([.. found.Take(count).Select(one => (one.Picture, one.Top, one.Left))], found[count].Distance, found[count - 1].Distance, square);
    }

    /// <summary>Pictures that are copies of others are left out: all of a copy looks the same.</summary>
    public MovedLook WithoutCopies(IReadOnlyList<float[]> pictures, float usual)
    {
        List<(int Picture, int Top, int Left)> left = [];
        foreach ((int Picture, int Top, int Left) member in Members)
        {
            float[] own = pictures[member.Picture];
            if (!left.Any(other => Difference(pictures[other.Picture], own) < ConstantShare * usual))
            {
                left.Add(member);
            }
        }

        return this with { Members = left };
    }

    /// <summary>The thing's pixels around the square.</summary>
    /// <param name="pictures">The class's pictures.</param>
    /// <param name="scale">Their size, and that of what is looked at.</param>
    /// <param name="usual">How far pixels usually lie from each other.</param>
    /// <returns>[2 windows + square] each way, the square in the middle; null where it is too small or too large for a thing.</returns>
    public bool[]? Shape(IReadOnlyList<float[]> pictures, PictureScale scale, float usual)
    {
        int reach = scale.Window;
        var around = new InputFrame(1, (2 * reach) + scale.SquareSide, (2 * reach) + scale.SquareSide);
        bool[] constant = new bool[around.Pixels];
        bool[] square = new bool[around.Pixels];
        for (int i = 0; i < constant.Length; i++)
        {
            (int y, int x) = ((i / around.Width) - reach, (i % around.Width) - reach);
            square[i] = y >= 0 && y < scale.SquareSide && x >= 0 && x < scale.SquareSide;
            (int Picture, int At)[] places = [.. Members
                .Where(member => member.Top + y >= 0 && member.Top + y < scale.Frame.Height && member.Left + x >= 0 && member.Left + x < scale.Frame.Width)
                .Select(member => (member.Picture, ((member.Top + y) * scale.Frame.Width) + member.Left + x))];
            constant[i] = places.Length >= LeastMembers && Spread(pictures, places, scale.Frame) <= ConstantShare * usual;
        }

        bool[] shape = PixelSets.TouchedBy(PixelSets.WithoutSpecks(constant, around), square, around);
        int count = shape.Count(true);
        return count >= LeastPixels && count <= MostShare * scale.Frame.Pixels ? shape : null;
    }

    /// <summary>The thing's pixels in one picture.</summary>
    public static bool[] ShapeIn((int Picture, int Top, int Left) member, bool[] shape, PictureScale scale)
    {
        int side = (2 * scale.Window) + scale.SquareSide;
        bool[] pixels = new bool[scale.Frame.Pixels];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int y, int x) = ((i / scale.Frame.Width) - member.Top + scale.Window, (i % scale.Frame.Width) - member.Left + scale.Window);
            pixels[i] = y >= 0 && y < side && x >= 0 && x < side && shape[(y * side) + x];
        }

        return pixels;
    }

    /// <summary>How far pixels of different pictures lie from each other at one place, in the mean.</summary>
    public static float Usual(IReadOnlyList<float[]> pictures)
        => Enumerable.Range(1, pictures.Count - 1).Average(i => Difference(pictures[i - 1], pictures[i]));

    private static float Difference(float[] a, float[] b)
    {
        float sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Abs(a[i] - b[i]);
        }

        return sum / a.Length;
    }

    // The mean distance from the median, over the planes.
    private static float Spread(IReadOnlyList<float[]> pictures, (int Picture, int At)[] places, InputFrame frame)
    {
        float sum = 0;
        for (int plane = 0; plane < frame.Planes; plane++)
        {
            float[] values = [.. places.Select(place => pictures[place.Picture][(plane * frame.Pixels) + place.At]).Order()];
            sum += values.Average(value => Math.Abs(value - values[values.Length / 2]));
        }

        return sum / frame.Planes;
    }
}
