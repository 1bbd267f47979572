using Microsoft.ML.AbsCam.Tests.Support;

namespace Microsoft.ML.AbsCam.Tests.Onnx.Modules;

/// <summary>A classifier small enough for central differences: a convolution, a batch norm and a linear layer.</summary>
internal static class SmallClassifier
{
    /// <summary>The shape of two of its images.</summary>
    public static readonly long[] Batch = [2, 3, 5, 5];

    public static OnnxModelBuilder Model() => new OnnxModelBuilder().Input("image", 0, 3, 5, 5)
        .Weight("conv.weight", 6, 3, 3, 3).Weight("conv.bias", 6)
        .Weight("norm::scale", 6).Weight("norm::shift", 6).Weight("norm::mean", 6).Weight("norm::variance", [6], 0.5f, 1, 2, 3, 0.7f, 1.2f)
        .Weight("linear.weight", 6, 4).Weight("linear.bias", 4)
        .Node("Conv", "image conv.weight conv.bias", "convolved", ("pads", (long[])[1, 1, 1, 1]))
        .Node("BatchNormalization", "convolved norm::scale norm::shift norm::mean norm::variance", "normed")
        .Node("Softplus", "normed", "features")
        .Node("GlobalAveragePool", "features", "pooled")
        .Node("Flatten", "pooled", "flat")
        .Node("MatMul", "flat linear.weight", "product")
        .Node("Add", "product linear.bias", "logits")
        .Output("logits", 0, 4);
}
