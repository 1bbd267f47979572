using Microsoft.ML.AbsCam.Onnx.Gradients;
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

    /// <summary>The same as nodes of a model file, with every channel run that counts.</summary>
    /// <param name="map">What it is written with.</param>
    /// <param name="weights">The weight of each map before it is scored [B,C,1,1].</param>
    /// <param name="reading">Whether the maps themselves are added up, or the masks made of them.</param>
    public static WrittenMap Write(MapNodes map, string weights, MaskReading reading)
    {
        NodeWriter w = map.Write;
        string isRun = w.Node("And", [w.Node("Greater", [weights, map.Real(0)]), map.IsVaried()]);
        MaskedNodes scored = map.Again.Masked(w.Mul(weights, map.Activation), map.WithoutPlaces(isRun), reading == MaskReading.PerChannelLogit);
        string factors = w.Mul(map.OfChannels(scored.Scores), weights);
        if (reading == MaskReading.Weighted)
        {
            return new WrittenMap(map.WeightedSum(factors), CutEnlarged: true);
        }

        // Enlarging leaves a constant what it is, so what each mask was lowered by is added up before.
        string lowered = w.Sum(w.Div(w.Mul(scored.Scores, scored.Minimum), scored.Divisor), [1]);
        return new WrittenMap(w.Sub(map.WeightedSum(w.Div(factors, map.OfChannels(scored.Divisor))), map.OfChannels(lowered)), CutEnlarged: true);
    }
}
