using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Masks images with masks that all of them share, and adds the masks up with what the network says of the results.</summary>
/// <remarks>A pass holds masks of one image: its sums are then the same in every batch, to the last bit.</remarks>
internal static class ImageMasks
{
    /// <param name="context">The batch.</param>
    /// <param name="count">How many masks there are.</param>
    /// <param name="masks">Makes masks [n,H,W] from the first one and their number.</param>
    /// <param name="weight">From a probability to the weight of a mask.</param>
    public static LayerMaps Run(MethodContext context, int count, Func<int, int, Tensor> masks, Func<float, float> weight)
    {
        (long height, long width) = context.Size;
        Tensor sum = zeros([context.Rows, context.Targets, height, width], device: context.Input.device);
        MethodContext.ExpectMasks(count * context.Rows);
        for (int first = 0; first < count; first += context.PassSize)
        {
            using var scope = NewDisposeScope();
            int n = Math.Min(context.PassSize, count - first);
            Tensor some = masks(first, n).to(context.Input.device);
            for (int row = 0; row < context.Rows; row++)
            {
                using var pass = NewDisposeScope();
                int[] rows = [.. Enumerable.Repeat(row, n)];
                Tensor weights = Weights(context.Score(context.Input.narrow(0, row, 1) * some.unsqueeze(1), rows), weight).to(context.Input.device);
                sum.select(0, row).PlusInPlace(weights.mm(some.flatten(1)).view(context.Targets, height, width));
                context.Count(row, n);
            }
        }

        return new LayerMaps(sum.relu_(), null);
    }

    /// <summary>The masks' weights for each target [T,n].</summary>
    private static Tensor Weights(Tensor probabilities, Func<float, float> weight)
    {
        float[] all = probabilities.t().contiguous().ToFloats();
        return TensorData.FromFloats([.. all.Select(weight)], probabilities.shape[1], probabilities.shape[0]);
    }
}
