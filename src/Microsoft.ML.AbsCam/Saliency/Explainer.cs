using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Saliency.Methods;
using Microsoft.ML.AbsCam.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Explains batches of images: scores, targets, gradients, maps. It keeps no state between batches.</summary>
internal sealed class Explainer(ImageNetwork network, ExplainerSettings settings)
{
    /// <param name="images">The network's inputs [B,C,H,W], on the CPU.</param>
    /// <param name="rowTargets">The class each row asks for, -1 for one that is not there; null takes the network's highest.</param>
    /// <param name="withMaps">Without maps, one forward pass gives scores and targets.</param>
    public Explanation Explain(Tensor images, int[]? rowTargets, bool withMaps)
    {
        using var scope = NewDisposeScope();
        Tensor input = images.to(settings.Device);
        return withMaps ? ExplainWithMaps(input, rowTargets) : Score(input, rowTargets);
    }

    private Explanation Score(Tensor input, int[]? rowTargets)
    {
        var scored = new ScoredBatch(network.RunForward(input, settings.Device, settings.Engine), settings.Probabilities, rowTargets, settings.TargetsPerRow);
        return new Explanation(scored.ClassCount, scored.Probabilities, scored.Targets, scored.Status, [], 0, 0, Enumerable.Repeat(1, scored.Rows).ToArray());
    }

    private Explanation ExplainWithMaps(Tensor input, int[]? rowTargets)
    {
        ScoredBatch? scored = null;
        int[] forwards = new int[input.shape[0]];
        var layers = new List<LayerMaps>(settings.Layers.Count);
        foreach (string layer in settings.Layers)
        {
            using var scope = NewDisposeScope();
            LayerPass pass = network.RunFromLayer(input, layer, settings.Device, settings.Engine);
            scored ??= new ScoredBatch(pass.Logits, settings.Probabilities, rowTargets, settings.TargetsPerRow);
            layers.Add(MapsOf(pass, input, scored, forwards).MoveToOuter());
        }

        using var noGrad = no_grad();
        LayerMaps fused = layers.Count == 1 ? layers[0] : LayerMaps.Fuse(layers, settings.Fusion);
        Tensor map = fused.Normalized();
        float[] maps = map.ToFloats();
        scored!.JudgeMaps(MapMath.Range(fused.Raw).ToFloats(), MapMath.FlatRangeOf(fused.Raw).ToFloats(), maps);
        return new Explanation(scored.ClassCount, scored.Probabilities, scored.Targets, scored.Status, maps, (int)map.shape[2], (int)map.shape[3], forwards);
    }

    private LayerMaps MapsOf(LayerPass pass, Tensor input, ScoredBatch scored, int[] forwards)
    {
        Tensor[] gradients = Gradients(pass, scored);
        using var noGrad = no_grad();
        Tensor activation = pass.Activation.detach();
        (long Height, long Width) size = settings.AtLayerSize ? (activation.shape[2], activation.shape[3]) : (input.shape[2], input.shape[3]);
        for (int row = 0; row < forwards.Length; row++)
        {
            forwards[row]++;
        }

        return settings.Method switch
        {
            GradientMethod method => new LayerMaps(FromGradients(method, activation, gradients, size), null),
            MaskMethod when settings.Reading == MaskReading.Whole => FromWholeMasks(input, activation, gradients, scored, forwards, size),
            MaskMethod method => new LayerMaps(FromMasks(method, input, activation, gradients, scored, forwards, size), null),
            _ => throw new NotSupportedException($"The method '{settings.Method}' is neither a {nameof(GradientMethod)} nor a {nameof(MaskMethod)}."),
        };
    }

    /// <summary>The gradient of each target's logit, [B,C,h,w] a target.</summary>
    private Tensor[] Gradients(LayerPass pass, ScoredBatch scored) => network.Gradients(pass,
        [.. Enumerable.Range(0, scored.TargetsPerRow).Select(t => Enumerable.Range(0, scored.Rows).Select(row => (long)scored.SafeTargets[(row * scored.TargetsPerRow) + t]).ToArray())]);

    private Tensor ScoreMasked(Tensor images) => settings.Probabilities(network.RunForward(images, settings.Device, settings.Engine));

    private static Tensor FromGradients(GradientMethod method, Tensor activation, Tensor[] gradients, (long Height, long Width) size)
    {
        // Where the layer can be negative the sum can be too; it is cut before it is enlarged.
        Tensor low = stack(gradients.Select(gradient => method.Combine(activation, gradient)), 1).relu_();
        return MapMath.Upsample(low, size.Height, size.Width);
    }

    private Tensor FromMasks(
        MaskMethod method, Tensor input, Tensor activation, Tensor[] gradients, ScoredBatch scored, int[] forwards, (long Height, long Width) size)
    {
        Tensor weights = stack(gradients.Select(gradient => method.Weights(activation, gradient)), 1);
        var final = new FinalMap(activation, weights, scored.SafeTargets, settings.Reading, settings.Tolerance, size);
        using var scorer = new MaskScorer(input, final.MaskMaps, ScoreMasked, settings.PassSize);
        Tensor raw = final.Run(scorer).relu_();
        for (int row = 0; row < forwards.Length; row++)
        {
            forwards[row] += final.Forwards[row];
        }

        return raw;
    }

    /// <summary>Abs-CAM's whole reading, p(X M0) M0: the map of phase 1, with the probabilities that its mask leaves.</summary>
    private LayerMaps FromWholeMasks(
        Tensor input, Tensor activation, Tensor[] gradients, ScoredBatch scored, int[] forwards, (long Height, long Width) size)
    {
        var phase1 = new AbsCamInitial();
        Tensor low = stack(gradients.Select(gradient => phase1.Combine(activation, gradient)), 1).relu_();
        Tensor probabilities = ScoreWholeMasks(input, low, scored, forwards);
        return new LayerMaps(MapMath.Upsample(low, size.Height, size.Width), probabilities);
    }

    private Tensor ScoreWholeMasks(Tensor input, Tensor maps, ScoredBatch scored, int[] forwards)
    {
        float[] probabilities = new float[scored.Targets.Length];
        using var scorer = new MaskScorer(input, maps, ScoreMasked, settings.PassSize);
        for (int first = 0; first < probabilities.Length; first += settings.PassSize)
        {
            int[] pass = [.. Enumerable.Range(first, Math.Min(settings.PassSize, probabilities.Length - first))];
            MaskScores scores = scorer.Score([.. pass.Select(target => (target / scored.TargetsPerRow, target % scored.TargetsPerRow))]);
            foreach (int target in pass)
            {
                probabilities[target] = scores.Probability(target - first, scored.SafeTargets[target]);
                forwards[target / scored.TargetsPerRow]++;
            }
        }

        return TensorData.FromFloats(probabilities, scored.Rows, scored.TargetsPerRow, 1, 1).to(input.device);
    }
}
