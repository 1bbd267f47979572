using Microsoft.ML.AbsCam.Audit.Evidence;

namespace Microsoft.ML.AbsCam.Audit.Places;

/// <summary>Sets of pixels.</summary>
internal static class PixelSets
{
    /// <summary>The parts of a set that some pixel of another touches, as far as they reach.</summary>
    public static bool[] TouchedBy(bool[] set, bool[] other, InputFrame frame)
    {
        bool[] touched = new bool[set.Length];
        foreach (bool[] part in HotCells.Components(set, frame.Width).Where(part => Enumerable.Range(0, part.Length).Any(i => part[i] && other[i])))
        {
            for (int i = 0; i < part.Length; i++)
            {
                touched[i] |= part[i];
            }
        }

        return touched;
    }

    /// <summary>A set smoothed: a pixel is in it where most of the nine around it are.</summary>
    public static bool[] WithoutSpecks(bool[] set, InputFrame frame)
    {
        bool[] smooth = new bool[set.Length];
        for (int i = 0; i < set.Length; i++)
        {
            int inside = 0;
            int all = 0;
            foreach (int near in Around(i, frame))
            {
                all++;
                inside += set[near] ? 1 : 0;
            }

            smooth[i] = inside * 2 > all;
        }

        return smooth;
    }

    /// <summary>A set with all pixels beside its own, some steps wide.</summary>
    public static bool[] Widened(bool[] set, int steps, InputFrame frame)
    {
        bool[] wide = [.. set];
        for (int step = 0; step < steps; step++)
        {
            bool[] before = [.. wide];
            for (int i = 0; i < wide.Length; i++)
            {
                wide[i] = before[i] || Around(i, frame).Any(near => before[near]);
            }
        }

        return wide;
    }

    /// <summary>In words, where in the picture a set lies.</summary>
    public static string Words(bool[] set, InputFrame frame)
    {
        int[] pixels = [.. Enumerable.Range(0, set.Length).Where(i => set[i])];
        if (pixels.Length == 0)
        {
            return "nowhere";
        }

        double share = pixels.Length / (double)set.Length;
        (int top, int bottom) = (pixels.Min(i => i / frame.Width), pixels.Max(i => i / frame.Width));
        (int left, int right) = (pixels.Min(i => i % frame.Width), pixels.Max(i => i % frame.Width));
        bool isWide = right - left >= 0.8 * frame.Width && bottom - top >= 0.8 * frame.Height;
        if (isWide)
        {
            return share < 0.6 ? "around the border" : "nearly everywhere";
        }

        double y = pixels.Average(i => (i / frame.Width) + 0.5) / frame.Height;
        double x = pixels.Average(i => (i % frame.Width) + 0.5) / frame.Width;
        string vertical = y < 1 / 3.0 ? "upper" : y > 2 / 3.0 ? "lower" : "";
        string horizontal = x < 1 / 3.0 ? "left" : x > 2 / 3.0 ? "right" : "";
        return (vertical, horizontal) switch
        {
            ("", "") => "in the middle",
            ("", _) => $"at the {horizontal} side",
            (_, "") => $"in the {vertical} part",
            _ => $"in the {vertical} {horizontal} corner",
        };
    }

    private static IEnumerable<int> Around(int pixel, InputFrame frame)
    {
        (int y, int x) = (pixel / frame.Width, pixel % frame.Width);
        for (int row = Math.Max(0, y - 1); row <= Math.Min(frame.Height - 1, y + 1); row++)
        {
            for (int column = Math.Max(0, x - 1); column <= Math.Min(frame.Width - 1, x + 1); column++)
            {
                yield return (row * frame.Width) + column;
            }
        }
    }
}
