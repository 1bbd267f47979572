using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Measures;

/// <summary>A network whose answers are known: each of its classes is a channel, and scores how much of the image that channel lights.</summary>
internal static class ColourNetwork
{
    public const int Side = 8;
    public const int Classes = 5;
    private const int Pixels = Side * Side;
    private const float Sharpness = 40;

    public static ImageNetwork Open() => ImageNetwork.FromOnnx(new OnnxModelBuilder().Input("input", 0, Classes, Side, Side)
        .Weight("same", [Classes, Classes, 1, 1], Diagonal(1)).Weight("weights", [Classes, Classes], Diagonal(Sharpness))
        .Node("Conv", "input same", "map").Node("GlobalAveragePool", "map", "pooled").Node("Flatten", "pooled", "flat").Node("Gemm", "flat weights", "scores")
        .Output("scores", 0, Classes).ToBytes());

    /// <summary>An image of one class: its channel is 1 on the left part and 0 elsewhere.</summary>
    /// <param name="target">The class.</param>
    /// <param name="columns">How many columns are lit, so that shrinking by two keeps some when there are two or more.</param>
    public static VectorRow Row(int target, int columns = Side) => new()
    {
        Target = target,
        Input = [.. Enumerable.Range(0, Classes * Pixels).Select(i => i / Pixels == target && i % Side < columns ? 1f : 0f)],
    };

    public static IDataView View(MLContext context, IEnumerable<VectorRow> rows) => VectorRow.View(context, rows, Classes, Side, Side);

    private static float[] Diagonal(float value) => [.. Enumerable.Range(0, Classes * Classes).Select(i => i / Classes == i % Classes ? value : 0f)];
}
