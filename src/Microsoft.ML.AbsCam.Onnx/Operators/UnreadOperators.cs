using System.Collections.Frozen;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Operators of the format, to operator set 26, that are not read: known by name, so that none is taken for a slip of another.</summary>
internal static class UnreadOperators
{
    public static FrozenSet<string> Names { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "AffineGrid", "Bernoulli", "BitCast", "BlackmanWindow", "CenterCropPad", "Col2Im", "ConcatFromSequence", "ConvInteger", "DFT", "DeformConv", "Det",
        "DynamicQuantizeLinear", "HammingWindow", "HannWindow", "If", "ImageDecoder", "Loop", "MatMulInteger", "MaxRoiPool", "MaxUnpool", "MelWeightMatrix",
        "Multinomial", "NegativeLogLikelihoodLoss", "NonMaxSuppression", "Optional", "OptionalGetElement", "OptionalHasElement", "QLinearConv",
        "QLinearMatMul", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "RegexFullMatch", "ReverseSequence", "RoiAlign", "STFT",
        "Scan", "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert", "SequenceLength", "SequenceMap",
        "SoftmaxCrossEntropyLoss", "SplitToSequence", "StringConcat", "StringNormalizer", "StringSplit", "TensorScatter", "TfIdfVectorizer");
}
