using System.Globalization;
using System.Text;

namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>The border of a region of pixels, along their edges, as the text of an SVG path.</summary>
internal static class RegionOutline
{
    /// <param name="region">The pixels; beyond the picture none is meant.</param>
    /// <returns>In pixels of the picture; each straight piece once.</returns>
    public static string PathText(AuditRegion region)
    {
        var path = new StringBuilder();
        bool isIn(int x, int y) => x >= 0 && y >= 0 && x < region.Width && y < region.Height && region.Pixels[(y * region.Width) + x];
        foreach ((int from, int to, int y) in Runs(region.Width, region.Height, (x, y) => isIn(x, y) != isIn(x, y - 1)))
        {
            path.Append(CultureInfo.InvariantCulture, $"M{from} {y}H{to}");
        }

        foreach ((int from, int to, int x) in Runs(region.Height, region.Width, (y, x) => isIn(x, y) != isIn(x - 1, y)))
        {
            path.Append(CultureInfo.InvariantCulture, $"M{x} {from}V{to}");
        }

        return path.ToString();
    }

    /// <summary>Where the lines between pixels, one behind the other, are a border.</summary>
    private static IEnumerable<(int From, int To, int Line)> Runs(int length, int lines, Func<int, int, bool> isBorder)
    {
        for (int line = 0; line <= lines; line++)
        {
            for (int from = 0; from < length; from++)
            {
                int to = from;
                while (to < length && isBorder(to, line))
                {
                    to++;
                }

                if (to > from)
                {
                    yield return (from, to, line);
                    from = to;
                }
            }
        }
    }
}
