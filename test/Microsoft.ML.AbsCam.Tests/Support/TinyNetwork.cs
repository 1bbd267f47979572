namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>
/// A network small enough to follow by hand: 3 x 8 x 8 pixels, a convolution to six maps of 4 x 4, their means, five classes.
/// The fifth map is flat, and the sixth counts for class 0 alone.
/// </summary>
internal sealed class TinyNetwork
{
    public const int Side = 8;
    public const int Pixels = Side * Side;
    public const int InputLength = 3 * Pixels;
    public const int MapSide = 4;
    public const int Channels = 6;
    public const int Classes = 5;
    public const string Layer = "map";

    private TinyNetwork(bool isRectified)
    {
        IsRectified = isRectified;
        Kernels = OnnxModelBuilder.Numbers([Channels, 3, 3, 3], 11);
        Kernels.AsSpan(4 * 27, 27).Clear();
        Bias = [0.4f, -0.2f, 0.3f, 0.1f, 0.5f, 0.2f];
        Weights = OnnxModelBuilder.Numbers([Channels, Classes], 12);
        Weights.AsSpan((5 * Classes) + 1, Classes - 1).Clear();
    }

    /// <summary>With a ReLU behind the convolution.</summary>
    public static TinyNetwork Rectified { get; } = new(true);

    /// <summary>With maps that go below zero.</summary>
    public static TinyNetwork Signed { get; } = new(false);

    public static string[] Labels { get; } = ["cat", "dog", "ship", "horse", "frog"];

    public bool IsRectified { get; }

    /// <summary>[maps, 3, 3, 3]; the convolution has stride 2 and one pixel of padding.</summary>
    public float[] Kernels { get; }

    public float[] Bias { get; }

    /// <summary>[maps, classes]; logits are eight times the mean times these, so that probabilities differ.</summary>
    public float[] Weights { get; }

    public const float Sharpness = 8;

    /// <param name="batch">0 leaves the batch open.</param>
    /// <param name="side">Height and width; 0 leaves them open.</param>
    /// <param name="classes">What the file says of its classes; 0 leaves them open.</param>
    public byte[] ToOnnx(int batch = 0, int side = Side, int classes = Classes)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("input", batch, 3, side, side)
            .Weight("kernels", [Channels, 3, 3, 3], Kernels).Weight("bias", [Channels], Bias)
            .Weight("weights", [Channels, Classes], [.. Weights.Select(weight => weight * Sharpness)])
            .Node("Conv", "input kernels bias", IsRectified ? "before" : Layer, ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }));
        if (IsRectified)
        {
            model.Node("Relu", "before", Layer);
        }

        return model.Node("GlobalAveragePool", Layer, "pooled").Node("Flatten", "pooled", "flat").Node("Gemm", "flat weights", "scores")
            .Output("scores", batch, classes).ToBytes();
    }

    public ImageNetwork Open() => ImageNetwork.FromOnnx(ToOnnx());

    /// <summary>Always the same image for the same number.</summary>
    public static float[] Image(int number) => OnnxModelBuilder.Numbers([InputLength], 100 + number);

    public static VectorRow[] Rows(int count) => [.. Enumerable.Range(0, count).Select(i => new VectorRow { Name = $"row {i}", Input = Image(i), Target = i % Classes, Number = i })];

    public static IDataView View(MLContext context, int count) => View(context, Rows(count));

    public static IDataView View(MLContext context, IEnumerable<VectorRow> rows) => VectorRow.View(context, rows, 3, Side, Side);
}
