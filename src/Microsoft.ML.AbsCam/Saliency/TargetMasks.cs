using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Masks of each target's own: scores them over a background, and adds them up with the weights that come of it.</summary>
internal static class TargetMasks
{
    /// <param name="context">The batch.</param>
    /// <param name="masks">The masks before they are enlarged and normalised [B,T,G,h,w]. Flat ones show nothing and are not run.</param>
    /// <param name="background">What shows where a mask is 0 [B,C,H,W]; null for zeros, the mean colour.</param>
    /// <param name="weights">From a mask's probability and the background's to the mask's weight.</param>
    /// <returns>relu(sum of weight norm(up(mask))).</returns>
    public static LayerMaps Run(MethodContext context, Tensor masks, Tensor? background, Func<float, float, float> weights)
    {
        (int rows, int targets, int groups) = (context.Rows, context.Targets, (int)masks.shape[2]);
        float[] baseline = background is null ? new float[rows * targets] : Probabilities(context, background);
        float[] factors = new float[rows * targets * groups];
        float[] offsets = new float[rows * targets];
        Tensor flat = masks.flatten(1, 2);
        using var scorer = new MaskScorer(context.Input, flat, context.Score, context.PassSize, background);
        int[] shown = Shown(flat);
        MethodContext.ExpectMasks(shown.Length);
        foreach (int[] pass in shown.Chunk(context.PassSize))
        {
            MaskScores scores = scorer.Score([.. pass.Select(mask => (mask / (targets * groups), mask % (targets * groups)))]);
            for (int i = 0; i < pass.Length; i++)
            {
                int target = pass[i] / groups;
                float weight = weights(scores.Probability(i, target % targets), baseline[target]);
                factors[pass[i]] = weight / scores.Divisor[i];
                offsets[target] -= weight * scores.Minimum[i] / scores.Divisor[i];
                context.Count(target / targets);
            }
        }

        // Enlarging is linear, so the masks are added up while they are small.
        Tensor sum = MapMath.Combine(TensorData.FromFloats(factors, rows * targets, 1, groups).to(masks.device), masks.flatten(0, 1));
        Tensor raw = MapMath.Upsample(sum.view(rows, targets, sum.shape[2], sum.shape[3]), context.Size.Height, context.Size.Width);
        return new LayerMaps(raw.PlusInPlace(TensorData.FromFloats(offsets, rows, targets, 1, 1).to(masks.device)).relu_(), null);
    }

    /// <summary>The probability of each target on other images, B x T.</summary>
    private static float[] Probabilities(MethodContext context, Tensor images)
    {
        MethodContext.ExpectMasks(context.Rows);
        float[] probabilities = context.Score(images, [.. Enumerable.Range(0, context.Rows)]).ToFloats();
        for (int row = 0; row < context.Rows; row++)
        {
            context.Count(row);
        }

        return probabilities;
    }

    private static int[] Shown(Tensor masks)
    {
        using var scope = NewDisposeScope();
        (Tensor least, Tensor greatest) = MapMath.Extent(masks);
        float[] ranges = (greatest - least).ToFloats();
        float[] flat = MapMath.FlatRangeOf(least, greatest).ToFloats();
        return [.. Enumerable.Range(0, ranges.Length).Where(i => !(ranges[i] < flat[i]))];
    }
}
