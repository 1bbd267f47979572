using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Indices as rows in which one number says which.</summary>
internal static class OneHotEncoding
{
    public static Func<KernelInputs, long[]?> Bound(OnnxNode node) => x =>
    {
        List<long> shape = [.. x[0].shape];
        shape.Insert(Axis(node, x), Depth(node, x));
        return [.. shape];
    };

    public static Func<KernelInputs, Tensor> Build(OnnxNode node) => x =>
    {
        long depth = Depth(node, x);
        int along = Axis(node, x);
        if (x[2].dim() != 1 || x[2].shape[0] != 2)
        {
            throw node.Error($"its values are {TensorSizes.Text(x[2].shape)}; expected two numbers, off and on.");
        }

        // An index outside is none of them, and its row is off.
        Tensor index = Indices.FromStart(x[0], depth).unsqueeze(along).to(x[2].device);
        long[] alone = [.. Enumerable.Repeat(1L, (int)index.dim())];
        alone[along] = depth;
        Tensor each = HeldOperations.CountTo(depth, ScalarType.Int64, index.device).reshape(alone);
        return where(index.eq(each), x[2].select(0, 1), x[2].select(0, 0));
    };

    private static int Axis(OnnxNode node, KernelInputs x) => Operands.Axis(node, node.Attributes.Int("axis", -1), x[0].dim() + 1);

    private static long Depth(OnnxNode node, KernelInputs x) =>
        x.Scalar(1) is double depth and >= 1 and < long.MaxValue ? (long)depth : throw node.Error("its depth is not a positive number.");
}
