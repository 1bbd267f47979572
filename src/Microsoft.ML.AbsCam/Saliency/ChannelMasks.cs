using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Masks the images with each of the layer's maps, and adds up the maps with what the network says of the results.</summary>
internal static class ChannelMasks
{
    /// <param name="context">The batch.</param>
    /// <param name="weights">The weight of each map before it is scored [B,T,C].</param>
    /// <param name="reading">Whether the maps themselves are added up, or the masks made of them.</param>
    public static LayerMaps Run(MethodContext context, Tensor weights, MaskReading reading)
    {
        var final = new FinalMap(context.Activation, weights, reading, context.Tolerance, context.Size);
        using var scorer = new MaskScorer(context.Input, final.MaskMaps, reading == MaskReading.PerChannelLogit ? context.ScoreByLogit : context.Score, context.PassSize);
        Tensor raw = final.Run(scorer, MethodContext.ExpectMasks).relu_();
        for (int row = 0; row < context.Rows; row++)
        {
            context.Count(row, final.Forwards[row]);
        }

        return new LayerMaps(raw, null);
    }
}
