namespace Microsoft.ML.AbsCam;

/// <summary>
/// How much an ONNX file may ask of the machine when it is imported. The import runs the network a few times on made-up images, so a
/// file decides how long it takes; what a file asks for is counted before it is done, and beyond these bounds it is refused.
/// </summary>
public sealed record OnnxImportLimits
{
    /// <summary>What is taken where nothing else is said.</summary>
    public static OnnxImportLimits Default { get; } = new();

    /// <summary>Nodes in the file, at least 1. The largest networks that people train have some thousands. Default: 100,000.</summary>
    public int MostNodes { get; init; } = 100_000;

    /// <summary>
    /// The work of all runs at import together, in multiply-adds, at least 1. A number that is read or made otherwise counts as sixteen, which is
    /// how much longer it takes. The import costs about four times what one image costs: 62 billion in all for VGG-16 (224 x 224),
    /// 152 billion for EfficientNet-B7 (600 x 600), 764 billion for ViT-L (384 x 384). Default: one million millions, which takes half a minute on two cores.
    /// </summary>
    public long MostMultiplyAdds { get; init; } = 1_000_000_000_000;

    /// <exception cref="ArgumentOutOfRangeException">A bound is below 1.</exception>
    internal OnnxImportLimits Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MostNodes, 1, nameof(MostNodes));
        ArgumentOutOfRangeException.ThrowIfLessThan(MostMultiplyAdds, 1, nameof(MostMultiplyAdds));
        return this;
    }
}
