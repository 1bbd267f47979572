using Microsoft.ML.AbsCam.Onnx.Nodes;
using Microsoft.ML.AbsCam.Onnx.Operators.Adjoints;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>The greatest number of a window and, where asked for, where it was.</summary>
internal static class MaxPooling
{
    public static OperatorDefinition Definition => new("MaxPool", 1, 1, (node, _) => Build(node)) { Adjoint = WindowAdjoints.MaxPool };

    private static Kernel Build(OnnxNode node)
    {
        Windows windows = new(node);
        bool columnsFirst = node.Attributes.Flag("storage_order");
        return inputs =>
        {
            Tensor x = inputs[0];
            long[] kernel = PoolingOperators.Kernel(node, windows, x);
            Tensor real = x.is_floating_point() ? x : x.to(ScalarType.Float64);
            if (!node.HasOutput(1))
            {
                return [Pool(windows, real, kernel, windows.Pads(kernel, x.shape.AsSpan(2))).to(x.dtype)];
            }

            if (columnsFirst || kernel.Length != 2)
            {
                throw node.Error("its second output (Indices) is supported over two axes in row order only.");
            }

            return WithIndices(node, windows, real, kernel, x.dtype);
        };
    }

    private static Tensor Pool(Windows windows, Tensor x, long[] kernel, (long[] Before, long[] After) pads)
    {
        int rank = kernel.Length;
        long[] strides = windows.Strides(rank);
        long[] dilations = windows.Dilations(rank);
        bool ceil = windows.ReachesOverTheEnd;
        long[] padding = pads.Before;
        if (!windows.StepsInside(x.shape.AsSpan(2)) || !pads.Before.AsSpan().SequenceEqual(pads.After) || pads.Before.Zip(kernel).Any(pair => pair.First < 0 || pair.First > pair.Second / 2))
        {
            (long[] before, long[] after) = windows.PoolingPads(kernel, x.shape.AsSpan(2));
            x = windows.Pad(x, before, after, double.NegativeInfinity);
            (strides, dilations) = windows.Within(kernel, x.shape[2..]);
            padding = new long[rank];
            ceil = false;
        }

        return rank switch
        {
            1 => functional.max_pool1d(x, kernel[0], strides[0], padding[0], dilations[0], ceil),
            2 => functional.max_pool2d(x, kernel, strides, padding, dilations, ceil),
            _ => functional.max_pool3d(x, kernel, strides, padding, dilations, ceil),
        };
    }

    private static Tensor?[] WithIndices(OnnxNode node, Windows windows, Tensor x, long[] kernel, ScalarType type)
    {
        (long[] before, long[] after) = windows.Pads(kernel, x.shape.AsSpan(2));
        if (!before.AsSpan().SequenceEqual(after))
        {
            throw node.Error("its second output (Indices) is supported with even pads only.");
        }

        if (!windows.StepsInside(x.shape.AsSpan(2)))
        {
            throw node.Error("its second output (Indices) is supported only where its strides and dilations are within the input.");
        }

        (Tensor pooled, Tensor indices) = functional.max_pool2d_with_indices(x, kernel, windows.Strides(2), before, windows.Dilations(2), windows.ReachesOverTheEnd);

        // The tensor library counts within a map, the format within the whole input.
        long maps = x.shape[0] * x.shape[1];
        Tensor offsets = HeldOperations.CountTo(maps, ScalarType.Int64, x.device).mul(HeldScalar.Of(x.shape[2] * x.shape[3])).reshape(x.shape[0], x.shape[1], 1, 1);
        return [pooled.to(type), indices.Plus(offsets)];
    }
}
