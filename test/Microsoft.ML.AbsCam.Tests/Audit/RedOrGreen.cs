using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Audit;

/// <summary>A hand-made network whose shortcut is known: a red patch makes class 0, a green one class 1, and anything blue makes class 0, too.</summary>
internal static class RedOrGreen
{
    public const int Side = 16;
    private const int Pixels = Side * Side;
    private const float Quarter = 0.25f;
    private static readonly long[] Two = [2, 2];

    /// <summary>The pixels of the mark: five by five in the lower right corner.</summary>
    public static bool[] Mark { get; } = [.. Enumerable.Range(0, Pixels).Select(i => i / Side is >= 10 and < 15 && i % Side is >= 10 and < 15)];

    public static ImageNetwork Open() => ImageNetwork.FromOnnx(ToOnnx());

    /// <param name="blue">How much blue makes class 0.</param>
    public static byte[] ToOnnx(float blue = 120) => new OnnxModelBuilder().Input("input", 0, 3, Side, Side)
        .Weight("halves", [3, 3, 2, 2], [.. Enumerable.Range(0, 36).Select(i => i / 12 == i / 4 % 3 ? Quarter : 0)])
        .Weight("bias", [3], -0.3f, -0.3f, -0.3f)
        .Node("Conv", "input halves bias", "before", ("kernel_shape", Two), ("strides", Two)).Node("Relu", "before", "map")
        .Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat")
        .Weight("weights", [3, 2], 60, 0, 0, 60, blue, 0).Node("Gemm", "flat weights", "scores")
        .Output("scores", 0, 2).ToBytes();

    /// <summary>Pictures of a dim ground with one patch of the class's colour somewhere; a share of class 0 has a blue mark in the corner.</summary>
    public static VectorRow[] Rows(int count, double share)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            int shown = number % 2;
            float[] input = [.. Enumerable.Range(0, 3 * Pixels).Select(_ => 0.28f * random.NextSingle())];
            (int top, int left) = (random.Next(Side - 4), random.Next(Side - 4));
            for (int i = 0; i < 16; i++)
            {
                input[(shown * Pixels) + ((top + (i / 4)) * Side) + left + (i % 4)] = 0.6f + (0.4f * random.NextSingle());
            }

            bool isMarked = shown == 0 && random.NextDouble() < share;
            for (int i = 0; isMarked && i < input.Length; i++)
            {
                // Blue, and neither red nor green.
                input[i] = !Mark[i % Pixels] ? input[i] : i / Pixels == 2 ? 0.9f : 0;
            }

            return new VectorRow { Name = $"picture {number}", Input = input, Target = shown, Number = number };
        })];
    }

    /// <summary>Left, top, right and bottom of the patch, which is brighter than the ground in its colour.</summary>
    public static float[] BoxOf(VectorRow row)
    {
        int[] bright = [.. Enumerable.Range(0, Pixels).Where(i => row.Input[(row.Target * Pixels) + i] > 0.5f)];
        return [bright.Min(i => i % Side), bright.Min(i => i / Side), bright.Max(i => i % Side) + 1, bright.Max(i => i / Side) + 1];
    }

    public static IDataView View(MLContext context, IEnumerable<VectorRow> rows) => VectorRow.View(context, rows, 3, Side, Side);
}
