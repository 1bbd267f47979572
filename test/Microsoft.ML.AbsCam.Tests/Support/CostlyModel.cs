namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A small file whose import is a lot of work: many nodes, large windows, large images.</summary>
/// <param name="Name">What is large.</param>
/// <param name="Write">Writes the file.</param>
internal sealed record CostlyModel(string Name, Func<byte[]> Write)
{
    public static IReadOnlyList<CostlyModel> All { get; } =
    [
        new("a chain of 30,000 Relu", () => Chain(30_000)),
        new("50,000 constants that nothing reads", UnusedConstants),
        new("50,000 weights that nothing reads", UnusedWeights),
        new("a chain of 30,000 constants", ChainOfConstants),
        new("a Concat of 20,000 branches", () => Wide(20_000)),
        new("a Concat of one value 20,000 times", () => Repeated(20_000)),
        new("5,000 sums, each of the last two", () => Ladder(5_000)),
        new("a pool of 5000 x 5000", () => Pool("MaxPool", 5_000, 2_500)),
        new("an average of 5000 x 5000, uneven pads", () => Pool("AveragePool", 5_000, 2_499)),
        new("an image of 4096 x 4096, 12 convolutions of 8 channels", () => Convolutions(4_096, 8, 12)),
        new("an image of 512 x 512, 4 convolutions of 1024 channels", () => Convolutions(512, 1_024, 4)),
    ];

    public static CostlyModel Named(string name) => All.Single(model => model.Name == name);

    /// <summary>A convolution, then as many activations.</summary>
    public static byte[] Chain(int count)
    {
        OnnxModelBuilder model = Stem(8);
        for (int i = 0; i < count; i++)
        {
            model.Node("Relu", $"v{i}", $"v{i + 1}");
        }

        return Finish(model, $"v{count}", 4);
    }

    public static byte[] Pool(string operation, int window, int pad, int side = 224)
    {
        long[] pads = [pad, pad, operation == "MaxPool" ? pad : pad + 1, pad];
        OnnxModelBuilder model = Stem(side).Node(operation, "v0", "pooled", ("kernel_shape", (long[])[window, window]), ("pads", pads));
        return Finish(model, "pooled", 4);
    }

    public static byte[] Convolutions(int side, int channels, int count)
    {
        OnnxModelBuilder model = Stem(side, channels).Weight("wide", channels, channels, 3, 3);
        for (int i = 0; i < count; i++)
        {
            model.Node("Conv", $"v{i} wide", $"v{i + 1}", ("pads", (long[])[1, 1, 1, 1]));
        }

        return Finish(model, $"v{count}", channels);
    }

    private static byte[] UnusedConstants()
    {
        OnnxModelBuilder model = Stem(8);
        for (int i = 0; i < 50_000; i++)
        {
            model.Node("Constant", "", $"c{i}", ("value_float", 1f));
        }

        return Finish(model, "v0", 4);
    }

    private static byte[] UnusedWeights()
    {
        OnnxModelBuilder model = Stem(8);
        for (int i = 0; i < 50_000; i++)
        {
            model.Weight($"c{i}", [1], 1f);
        }

        return Finish(model, "v0", 4);
    }

    private static byte[] ChainOfConstants()
    {
        OnnxModelBuilder model = Stem(8).Weight("c0", [4, 1, 1], 1, 2, 3, 4);
        for (int i = 0; i < 30_000; i++)
        {
            model.Node("Relu", $"c{i}", $"c{i + 1}");
        }

        return Finish(model.Node("Add", "v0 c30000", "sum"), "sum", 4);
    }

    private static byte[] Wide(int count)
    {
        OnnxModelBuilder model = Stem(8);
        for (int i = 0; i < count; i++)
        {
            model.Node("Relu", "v0", $"b{i}");
        }

        return Finish(model.Node("Concat", string.Join(' ', Enumerable.Range(0, count).Select(i => $"b{i}")), "all", ("axis", 1)), "all", 4 * count);
    }

    private static byte[] Repeated(int count) =>
        Finish(Stem(8).Node("Concat", string.Join(' ', Enumerable.Repeat("v0", count)), "all", ("axis", 1)), "all", 4 * count);

    private static byte[] Ladder(int count)
    {
        OnnxModelBuilder model = Stem(8).Node("Relu", "v0", "v1");
        for (int i = 2; i < count; i++)
        {
            model.Node("Max", $"v{i - 1} v{i - 2}", $"v{i}");
        }

        return Finish(model, $"v{count - 1}", 4);
    }

    private static OnnxModelBuilder Stem(int side, int channels = 4) =>
        new OnnxModelBuilder().Input("image", 0, 3, side, side).Weight("kernel", channels, 3, 3, 3).Node("Conv", "image kernel", "v0", ("pads", (long[])[1, 1, 1, 1]));

    private static byte[] Finish(OnnxModelBuilder model, string map, int channels) =>
        model.Node("GlobalAveragePool", map, "average").Node("Flatten", "average", "flat").Weight("weights", channels, 3)
            .Node("Gemm", "flat weights", "scores").Output("scores").ToBytesWithoutOutputShapes();
}
