using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>
/// Whole numbers bit by bit. Unsigned ones of 16 bits and more lie in wider signed ones, in which the bits above theirs have to stay as they are.
/// </summary>
internal static class BitOperators
{
    /// <summary>Which turns those bits too.</summary>
    public const string Not = "BitwiseNot";

    public static IEnumerable<OperatorDefinition> All =>
    [
        OperatorDefinition.Binary("BitwiseAnd", (a, b) => a.bitwise_and(b)),
        OperatorDefinition.Binary("BitwiseOr", (a, b) => a.bitwise_or(b)),
        OperatorDefinition.Binary("BitwiseXor", (a, b) => a.bitwise_xor(b)),
        OperatorDefinition.Unary(Not, x => x.bitwise_not()).And(OperatorTraits.Pointwise, AxisRules.Same),
        OperatorDefinition.Of("BitShift", 2, 2, Shift) with { Axes = AxisRules.Broadcast, Bound = Bounds.Spread },
    ];

    // The format shifts unsigned numbers only.
    private static Func<KernelInputs, Tensor> Shift(OnnxNode node)
    {
        bool left = node.Attributes.OneOf("direction", "", "LEFT", "RIGHT") == "LEFT";
        return x =>
        {
            (Tensor number, Tensor places) = Operands.OnOneDevice(x[0], x[1]);
            if (!left)
            {
                return number.bitwise_right_shift(places);
            }

            Tensor shifted = number.bitwise_left_shift(places);
            return shifted.dtype switch
            {
                ScalarType.Byte => shifted,
                ScalarType.Int32 => shifted.bitwise_and(tensor(ushort.MaxValue, ScalarType.Int32).to(shifted.device)),
                ScalarType.Int64 when Fits(number, places, shifted) => shifted,
                _ => throw node.Error("a number is shifted out of 32 bits, and of 64 it is not known how many the file means; shift fewer places, or smaller types."),
            };
        };
    }

    private static bool Fits(Tensor number, Tensor places, Tensor shifted) =>
        shifted.numel() == 0 || (shifted.le(HeldScalar.Of(uint.MaxValue)).all().item<bool>() && shifted.bitwise_right_shift(places).eq(number).all().item<bool>());
}
