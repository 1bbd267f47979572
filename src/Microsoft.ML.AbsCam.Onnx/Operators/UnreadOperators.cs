using System.Collections.Frozen;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Operators of the format, to operator set 23, that are not read: known by name, so that none is taken for a slip of another.</summary>
internal static class UnreadOperators
{
    public static FrozenSet<string> Names { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        "Acos", "Acosh", "AffineGrid", "Asin", "Asinh", "Atan", "Atanh", "Attention", "Bernoulli", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr",
        "BitwiseXor", "BlackmanWindow", "Col2Im", "Compress", "ConvInteger", "Cosh", "DFT", "DeformConv", "Det", "DynamicQuantizeLinear", "GRU",
        "GridSample", "HammingWindow", "HannWindow", "Hardmax", "If", "ImageDecoder", "IsInf", "IsNaN", "LSTM", "Loop", "MatMulInteger", "MaxRoiPool",
        "MaxUnpool", "MeanVarianceNormalization", "MelWeightMatrix", "Multinomial", "NegativeLogLikelihoodLoss", "NonMaxSuppression", "NonZero", "OneHot",
        "Optional", "OptionalGetElement", "OptionalHasElement", "QLinearConv", "QLinearMatMul", "RMSNormalization", "RNN", "RandomNormal",
        "RandomNormalLike", "RandomUniform", "RandomUniformLike", "RegexFullMatch", "ReverseSequence", "RoiAlign", "RotaryEmbedding", "STFT", "Scan",
        "Scatter", "ScatterElements", "ScatterND", "SequenceAt", "SequenceConstruct", "SequenceEmpty", "SequenceErase", "SequenceInsert",
        "SequenceLength", "SequenceMap", "Shrink", "Sinh", "SoftmaxCrossEntropyLoss", "SplitToSequence", "StringConcat", "StringNormalizer",
        "StringSplit", "Swish", "Tan", "TensorScatter", "TfIdfVectorizer", "Unique");
}
