using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Audit.Places;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>What the hottest patches of single pictures do to others: each is pasted into a few hosts at its place, and how much its class rises is kept.</summary>
/// <param name="bench">What to work with.</param>
internal sealed class PatchScreen(Bench bench)
{
    // A second patch lies beside the first one, and is warm.
    private const int Apart = 3;
    private const float Warm = 0.2f;

    private readonly List<HotPatch> _patches = [];

    /// <summary>The scale at which looks are compared.</summary>
    public PictureScale Scale { get; } = new(bench.Frame, bench.Table.MapHeight, bench.Table.MapWidth);

    public IReadOnlyList<HotPatch> Patches => _patches;

    /// <param name="row">A donor.</param>
    /// <param name="picture">Its picture.</param>
    /// <param name="hosts">What its patches are put into.</param>
    /// <param name="before">The hosts' probabilities.</param>
    public void Try(EvidenceRow row, KnownPicture picture, IReadOnlyList<(EvidenceRow Row, KnownPicture Picture)> hosts, float[][] before)
    {
        int[] others = [.. Enumerable.Range(0, hosts.Count).Where(host => hosts[host].Row.Predicted != row.Class)];
        if (!Scale.TellsPlaces || others.Length == 0)
        {
            return;
        }

        float[] small = Scale.Shrink(picture.Input);
        foreach (int cell in Peaks(row.Heat))
        {
            (int top, int left) = Scale.WindowAt(cell / bench.Table.MapWidth, cell % bench.Table.MapWidth, bench.Table.MapHeight, bench.Table.MapWidth);
            var patch = new HotPatch(row, top, left, Cut(small, top, left));
            bool[] region = Scale.WindowPixels(top, left);
            foreach (int host in others)
            {
                bench.Scorer.Ask(Laboratory.Pasted(hosts[host].Picture.Input, picture.Input, region), reply => patch.Rise += (reply[row.Class] - before[host][row.Class]) / others.Length);
            }

            _patches.Add(patch);
        }
    }

    private IEnumerable<int> Peaks(float[] heat)
    {
        int first = Array.IndexOf(heat, heat.Max());
        yield return first;
        int width = bench.Table.MapWidth;
        int second = Enumerable.Range(0, heat.Length)
            .Where(cell => Math.Max(Math.Abs((cell / width) - (first / width)), Math.Abs((cell % width) - (first % width))) >= Apart && heat[cell] >= Warm)
            .DefaultIfEmpty(-1)
            .MaxBy(cell => cell < 0 ? 0 : heat[cell]);
        if (second >= 0)
        {
            yield return second;
        }
    }

    private float[] Cut(float[] small, int top, int left)
    {
        (InputFrame frame, int window) = (Scale.Frame, Scale.Window);
        float[] cut = new float[frame.Planes * window * window];
        for (int row = 0; row < frame.Planes * window; row++)
        {
            small.AsSpan((row / window * frame.Pixels) + ((top + (row % window)) * frame.Width) + left, window).CopyTo(cut.AsSpan(row * window));
        }

        return cut;
    }

    /// <summary>A hot patch of a picture.</summary>
    /// <param name="row">The picture's row.</param>
    /// <param name="top">The patch's first row in the shrunk picture.</param>
    /// <param name="left">Its first column.</param>
    /// <param name="pixels">[planes, window, window] of the shrunk picture.</param>
    internal sealed class HotPatch(EvidenceRow row, int top, int left, float[] pixels)
    {
        public EvidenceRow Row => row;

        public int Top => top;

        public int Left => left;

        public float[] Pixels => pixels;

        /// <summary>The mean rise of its class in the hosts.</summary>
        public float Rise { get; set; }
    }
}
