using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Tool;

/// <summary>A network of two maps that tells bright pictures from dark ones, and whose map is the brightness itself, pixel by pixel.</summary>
internal static class BrightnessNetwork
{
    public const int Size = 64;

    /// <summary>The layer that is picked.</summary>
    public const string Layer = "maps";

    public static readonly string[] Classes = ["bright", "dark", "neither"];

    // Pixels reach the network as they are, between 0 and 1.
    public static readonly string[] Options = ["--mean", "0,0,0", "--std", "1,1,1"];

    private static readonly long[] Kernel = [2, 3, 1, 1];
    private static readonly long[] Two = [2];
    private static readonly long[] Three = [3];
    private static readonly long[] Scores = [2, 3];

    /// <param name="height">Rows of the input; 0 leaves rows and columns open.</param>
    /// <param name="batch">Images at once; 0 leaves it open.</param>
    public static byte[] Bytes(long height = Size, long batch = 0) => Body(new OnnxModelBuilder().Input("photo", batch, 3, height, height)).ToBytes();

    public static byte[] BytesWithTwoInputs() => new OnnxModelBuilder()
        .Input("photo", 0, 3, 8, 8).Input("other", 0, 3, 8, 8).Output("scores", 0, 3)
        .Node("Add", "photo other", "both").Weight("k", 2, 3, 1, 1).Node("Conv", "both k", Layer)
        .Node("GlobalAveragePool", Layer, "pooled").Node("Flatten", "pooled", "flat").Weight("w", 2, 3).Node("Gemm", "flat w", "scores")
        .ToBytes();

    public static byte[] BytesWithoutMaps() => new OnnxModelBuilder()
        .Input("photo", 0, 3, 4, 4).Output("scores", 0, 3)
        .Node("Flatten", "photo", "flat").Weight("w", 48, 3).Node("Gemm", "flat w", "scores")
        .ToBytes();

    public static byte[] BytesFor(long channels) => new OnnxModelBuilder()
        .Input("photo", 0, channels, 8, 8).Output("scores", 0, 3)
        .Weight("k", 2, channels, 1, 1).Node("Conv", "photo k", "before").Node("Relu", "before", Layer)
        .Node("GlobalAveragePool", Layer, "pooled").Node("Flatten", "pooled", "flat").Weight("w", 2, 3).Node("Gemm", "flat w", "scores")
        .ToBytes();

    private static OnnxModelBuilder Body(OnnxModelBuilder builder)
    {
        const float third = 1 / 3f;
        return builder
            .Output("scores", 0, 3)
            .Weight("kernel", Kernel, third, third, third, -third, -third, -third)
            .Weight("bias", Two, -0.1f, 0.1f)
            .Node("Conv", "photo kernel bias", "before").Node("Relu", "before", Layer)
            .Node("GlobalAveragePool", Layer, "pooled").Node("Flatten", "pooled", "flat")
            .Weight("w", Scores, 100, -1, 0, -1, 5, 0)
            .Weight("b", Three, 0, 0, -1)
            .Node("Gemm", "flat w b", "scores");
    }
}
