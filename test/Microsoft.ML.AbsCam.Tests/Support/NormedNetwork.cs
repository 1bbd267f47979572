namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A convolution of 3 x 8 x 8 pixels to six maps of 4 x 4 that go below zero, a sigmoid, their means, five classes; and the same with a normalisation behind the convolution.</summary>
internal static class NormedNetwork
{
    public const string Before = "map";
    public const string Behind = "normed";

    public static float[] Weights { get; } = OnnxModelBuilder.Numbers([TinyNetwork.Channels, TinyNetwork.Classes], 12);

    public static byte[] Plain() => Model(model => model, Before);

    /// <summary>(x - mean) / sqrt(mean((x - mean)^2) + 1e-6) over the channels of a place.</summary>
    public static byte[] OfChannels() => Model(model => model
        .Node("ReduceMean", "map", "mean", ("axes", new long[] { 1 })).Node("Sub", "map mean", "centred")
        .Node("Mul", "centred centred", "squares").Node("ReduceMean", "squares", "variance", ("axes", new long[] { 1 }))
        .Weight("epsilon", [1], [1e-6f]).Node("Add", "variance epsilon", "more").Node("Sqrt", "more", "deviation").Node("Div", "centred deviation", Behind), Behind);

    /// <summary>The same over the places of a channel.</summary>
    public static byte[] OfPlaces() => Model(model => model
        .Weight("scale", [TinyNetwork.Channels], [1, 1, 1, 1, 1, 1]).Weight("shift", [TinyNetwork.Channels], [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f])
        .Node("InstanceNormalization", "map scale shift", Behind), Behind);

    private static byte[] Model(Func<OnnxModelBuilder, OnnxModelBuilder> norm, string end)
    {
        return norm(new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
            .Weight("kernels", [TinyNetwork.Channels, 3, 3, 3], TinyNetwork.Signed.Kernels).Weight("bias", [TinyNetwork.Channels], TinyNetwork.Signed.Bias)
            .Weight("weights", [TinyNetwork.Channels, TinyNetwork.Classes], Weights)
            .Node("Conv", "input kernels bias", Before, ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })))
            .Node("Sigmoid", end, "bent").Node("GlobalAveragePool", "bent", "pooled").Node("Flatten", "pooled", "flat").Node("Gemm", "flat weights", "scores")
            .Output("scores", 0, TinyNetwork.Classes).ToBytes();
    }
}
