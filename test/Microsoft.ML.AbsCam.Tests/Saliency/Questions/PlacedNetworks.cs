using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Saliency.Questions;

/// <summary>The maps of <see cref="TinyNetwork"/> with heads that score places: pixels, as of a segmentation, and boxes, as of a detector.</summary>
internal static class PlacedNetworks
{
    public const int Classes = 3;
    public const int Anchors = TinyNetwork.MapSide * TinyNetwork.MapSide;

    public static float[] PixelWeights { get; } = [.. OnnxModelBuilder.Numbers([Classes, TinyNetwork.Channels], 31).Select(weight => 6 * weight)];

    public static float[] BoxWeights { get; } = [.. OnnxModelBuilder.Numbers([4 + Classes, TinyNetwork.Channels], 32).Select(weight => 3 * weight)];

    /// <summary>Scores of classes [batch, classes, 8, 8], enlarged from 4 x 4 by repeating.</summary>
    public static byte[] Segmenter(bool softmax = false)
    {
        OnnxModelBuilder model = Maps().Weight("pixels", [Classes, TinyNetwork.Channels, 1, 1], PixelWeights).Weight("scales", [4], 1, 1, 2, 2)
            .Node("Conv", "map pixels", "small").Node("Resize", "small _ scales", "scores", ("mode", "nearest"));
        return (softmax ? model.Node("Softmax", "scores", "shares", ("axis", 1)).Output("shares", 0, Classes, 8, 8) : model.Output("scores", 0, Classes, 8, 8)).ToBytes();
    }

    /// <summary>The score of one class for each pixel [batch, 1, 4, 4].</summary>
    public static byte[] OneClass(bool sigmoid)
    {
        OnnxModelBuilder model = Maps().Weight("pixel", [1, TinyNetwork.Channels, 1, 1], PixelWeights[..TinyNetwork.Channels]).Node("Conv", "map pixel", "scores");
        return (sigmoid ? model.Node("Sigmoid", "scores", "shares").Output("shares", 0, 1, 4, 4) : model.Output("scores", 0, 1, 4, 4)).ToBytes();
    }

    /// <summary>Boxes as detectors of anchors and of queries write them, in shares of the image; the last class stands for nothing being there.</summary>
    public static byte[] WithBackground(bool softmax = true, bool apart = false, float nothing = 3)
    {
        float[] grid = [.. Enumerable.Range(0, Anchors).SelectMany(anchor => (float[])[anchor % 4 * 0.25f, anchor / 4 * 0.25f])];
        OnnxModelBuilder model = Maps().Weight("heads", [4 + Classes, TinyNetwork.Channels, 1, 1], BoxWeights).Weight("grid", [1, Anchors, 2], grid).Weight("quarter", [1], 0.25f).Weight("nothing", [Classes], 0, 0, nothing)
            .Ints("flat", 0, 4 + Classes, Anchors).Ints("parts", 2, 2, Classes)
            .Node("Conv", "map heads", "small").Node("Reshape", "small flat", "lines").Node("Transpose", "lines", "raw", ("perm", new long[] { 0, 2, 1 })).Node("Split", "raw parts", "rawCentres rawSizes rawScores", ("axis", 2))
            .Node("Sigmoid", "rawCentres", "share").Node("Mul", "share quarter", "shift").Node("Add", "shift grid", "centres").Node("Sigmoid", "rawSizes", "sizes").Weight("tenth", [1], 0.1f).Node("Mul", "rawScores tenth", "scoresOfThings").Node("Add", "scoresOfThings nothing", "logits");
        string scores = "logits";
        if (softmax)
        {
            model.Node("Softmax", "logits", "shares", ("axis", 2));
            scores = "shares";
        }

        return (apart
            ? model.Node("Concat", "centres sizes", "boxes", ("axis", 2)).Output("boxes", 0, Anchors, 4).Output(scores, 0, Anchors, Classes)
            : model.Node("Concat", $"centres sizes {scores}", "all", ("axis", 2)).Output("all", 0, Anchors, 4 + Classes)).ToBytes();
    }

    /// <summary>Boxes as the YOLO families write them: [batch, 4 + classes, anchors], or box after box; or boxes and scores apart.</summary>
    public static byte[] Detector(bool anchorsFirst = false, bool apart = false)
    {
        float[] centres = [.. Enumerable.Range(0, 2).SelectMany(axis => Enumerable.Range(0, Anchors).Select(anchor => (axis == 0 ? anchor % 4 : anchor / 4) * 2f))];
        OnnxModelBuilder model = Maps().Weight("heads", [4 + Classes, TinyNetwork.Channels, 1, 1], BoxWeights).Weight("grid", [1, 2, Anchors], centres).Weight("two", [1], 2).Weight("six", [1], 6).Weight("one", [1], 1)
            .Ints("flat", 0, 4 + Classes, Anchors).Ints("parts", 2, 2, Classes)
            .Node("Conv", "map heads", "small").Node("Reshape", "small flat", "raw").Node("Split", "raw parts", "rawCentres rawSizes rawScores", ("axis", 1))
            .Node("Sigmoid", "rawCentres", "share").Node("Mul", "share two", "shift").Node("Add", "shift grid", "centres")
            .Node("Sigmoid", "rawSizes", "size").Node("Mul", "size six", "wide").Node("Add", "wide one", "sizes")
            .Node("Sigmoid", "rawScores", "scores");
        if (apart)
        {
            return model.Node("Concat", "centres sizes", "boxes", ("axis", 1)).Output("boxes", 0, 4, Anchors).Output("scores", 0, Classes, Anchors).ToBytes();
        }

        model.Node("Concat", "centres sizes scores", "all", ("axis", 1));
        return anchorsFirst
            ? model.Node("Transpose", "all", "rows", ("perm", new long[] { 0, 2, 1 })).Output("rows", 0, Anchors, 4 + Classes).ToBytes()
            : model.Output("all", 0, 4 + Classes, Anchors).ToBytes();
    }

    private static OnnxModelBuilder Maps() => new OnnxModelBuilder().Input("input", 0, 3, TinyNetwork.Side, TinyNetwork.Side)
        .Weight("kernels", [TinyNetwork.Channels, 3, 3, 3], TinyNetwork.Rectified.Kernels).Weight("bias", [TinyNetwork.Channels], TinyNetwork.Rectified.Bias)
        .Node("Conv", "input kernels bias", "before", ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 })).Node("Relu", "before", "map");
}
