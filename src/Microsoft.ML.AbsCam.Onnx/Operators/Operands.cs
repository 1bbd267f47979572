using Microsoft.ML.AbsCam.Onnx.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Brings the operands of one operation together.</summary>
internal static class Operands
{
    /// <summary>Whole-number constants stay on the CPU; where one meets a tensor elsewhere, it follows.</summary>
    public static (Tensor Left, Tensor Right) OnOneDevice(Tensor left, Tensor right)
    {
        if (left.device_type == right.device_type)
        {
            return (left, right);
        }

        return left.device_type == DeviceType.CPU ? (left.to(right.device), right) : (left, right.to(left.device));
    }

    /// <summary>An axis that may count from the end, within the rank.</summary>
    public static int Axis(OnnxNode node, long axis, long rank, bool mayBeRank = false)
    {
        long wrapped = axis < 0 ? axis + rank : axis;
        return wrapped >= 0 && (wrapped < rank || (mayBeRank && wrapped == rank))
            ? (int)wrapped
            : throw node.Error($"the axis {axis} is outside a value of {rank} dimensions.");
    }
}
