using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>The lengths of vectors: roots of sums of powers.</summary>
internal static class Roots
{
    /// <summary>The p-th root of numbers that are not negative. At 0, where the slope is infinite and what went in has none, its gradient is 0.</summary>
    public static Tensor Of(Tensor sums, double p)
    {
        if (p == 1)
        {
            return sums;
        }

        Tensor none = sums.eq(HeldScalar.Of(0));
        Tensor some = sums.masked_fill(none, HeldScalar.Of(1));
        return (p == 2 ? some.sqrt() : some.pow(HeldScalar.Of(1 / p))).masked_fill(none, HeldScalar.Of(0));
    }
}
