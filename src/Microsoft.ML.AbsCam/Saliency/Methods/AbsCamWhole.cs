using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>Phase 2 of Abs-CAM (arXiv 2207.03648) with one mask, p(X M0) M0: the map of phase 1, with the probabilities that its mask leaves.</summary>
internal sealed class AbsCamWhole() : SaliencyMethod("abs-cam-whole")
{
    private readonly AbsCamInitial _phase1 = new();

    internal override bool AssumesPositive => true;

    internal override bool IsLight => true;

    internal override bool SharesWeights => true;

    internal override bool NeedsProbability => true;

    internal override MethodNeeds Needs => MethodNeeds.Gradient;

    internal override Func<MapNodes, WrittenMap> Nodes => map =>
    {
        string low = map.Relu(_phase1.Nodes(map).Low);
        string always = map.WithoutPlaces(map.Write.Node("GreaterOrEqual", [map.Write.Greatest(low, [2, 3]), map.Real(0)]));
        return new WrittenMap(low, Factor: map.OfChannels(map.Again.Masked(low, always, byLogit: false).Scores));
    };

    internal override LayerMaps Run(MethodContext context)
    {
        Tensor activation = context.Activation;
        Tensor low = stack(context.Gradients.Select(gradient => _phase1.Combine(activation, gradient)), 1).relu_();
        float[] probabilities = new float[context.Rows * context.Targets];
        MethodContext.ExpectMasks(probabilities.Length);
        using var scorer = new MaskScorer(context.Input, low, context.Score, context.PassSize);
        foreach (int[] pass in Enumerable.Range(0, probabilities.Length).Chunk(context.PassSize))
        {
            MaskScores scores = scorer.Score([.. pass.Select(target => (target / context.Targets, target % context.Targets))]);
            foreach (int target in pass)
            {
                probabilities[target] = scores.Probability(target - pass[0], target % context.Targets);
                context.Count(target / context.Targets);
            }
        }

        Tensor factor = TensorData.FromFloats(probabilities, context.Rows, context.Targets, 1, 1).to(context.Input.device);
        return new LayerMaps(MapMath.Upsample(low, context.Size.Height, context.Size.Width), factor);
    }
}
