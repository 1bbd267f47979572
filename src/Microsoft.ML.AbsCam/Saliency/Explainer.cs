using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Telemetry;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Explains by passes through the network and what a method makes of them.</summary>
internal sealed class Explainer(ImageNetwork network, ExplainerSettings settings) : IExplainer
{
    // Of the network's work: where no more than the rest lies behind the layer, libtorch's threads do ONNX Runtime's runs more harm than good.
    private const double MostBefore = 0.8;

    private readonly bool _isSolo = settings.Engine == NetworkEngine.OnnxRuntime && settings.Method.IsLight
        && (settings.IsWhollyInRuntime || settings.Layers.All(layer => layer.WorkBefore >= MostBefore));

    public Explanation Explain(ReadOnlySpan<float> inputs, IReadOnlyList<int> rows, IReadOnlyList<long> size, RowAsks asks, bool withMaps, bool withHeatFeatures = false)
    {
        using var scope = NewDisposeScope();
        Tensor images = empty([rows.Count, .. size]);
        Span<float> taken = images.Floats();
        int length = taken.Length / rows.Count;
        for (int i = 0; i < rows.Count; i++)
        {
            inputs.Slice(rows[i] * length, length).CopyTo(taken[(i * length)..]);
        }

        return Explain(images, asks, withMaps, withHeatFeatures);
    }

    public Explanation Explain(Tensor images, RowAsks asks, bool withMaps, bool withHeatFeatures = false)
    {
        using BatchTelemetry? telemetry = settings.IsTrial ? null : BatchTelemetry.Start(network.Name, withMaps ? settings.Method.Name : "none", [.. settings.Layers.Select(layer => layer.Name)], settings.Engine.ToString());
        try
        {
            Explanation explained = _isSolo
                ? SoloThread.Run(() => Compute(images, asks, withMaps, withHeatFeatures, telemetry))
                : Compute(images, asks, withMaps, withHeatFeatures, telemetry);
            telemetry?.Done((int)images.shape[0], explained.Forwards.Sum(), withMaps ? explained.Status.Select(status => status.ToString()) : []);
            return explained;
        }
        catch (Exception e)
        {
            telemetry?.Failed(e);
            throw;
        }
    }

    private Explanation Compute(Tensor images, RowAsks asks, bool withMaps, bool withHeatFeatures, BatchTelemetry? telemetry)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor input = images.to(settings.Device);
        using var batch = new MethodBatch(network, settings, input, asks, telemetry);
        return withMaps ? ExplainWithMaps(batch, input, withHeatFeatures) : Explained(batch.Scored, [], 0, 0, batch.Forwards);
    }

    private Explanation ExplainWithMaps(MethodBatch batch, Tensor input, bool withHeatFeatures)
    {
        MethodContext[] contexts = settings.Method.UsesLayer ? [.. settings.Layers.Select(layer => new MethodContext(batch, input, layer.Name))] : [new MethodContext(batch, input, null)];
        if (withHeatFeatures)
        {
            // Its pass is made here, since what is made while a map is goes with that.
            _ = contexts[0].Scored;
        }

        LayerMaps[] layers = [.. contexts.Select(MapsOf)];
        LayerMaps fused = layers.Length == 1 ? layers[0] : LayerMaps.Fuse(layers, settings.Fusion);
        (Tensor map, Tensor range, Tensor flatRange) = fused.Judged();
        float[] maps = map.ToFloats();
        batch.Scored.JudgeMaps(range.ToFloats(), flatRange.ToFloats(), fused.Fault?.data<long>().ToArray(), maps);
        Explanation explained = Explained(batch.Scored, maps, (int)map.shape[2], (int)map.shape[3], batch.Forwards);
        return withHeatFeatures ? explained with { HeatFeatures = HeatFeatures(contexts[0], TensorData.FromFloats(maps, map.shape)) } : explained;
    }

    // Of the maps as they were judged: one that is none is NaN, and so are its features.
    private static float[] HeatFeatures(MethodContext context, Tensor maps)
    {
        using var scope = NewDisposeScope();
        return MapMath.HeatFeatures(maps, context.Activation.cpu()).ToFloats();
    }

    private LayerMaps MapsOf(MethodContext context)
    {
        using var scope = NewDisposeScope();
        return settings.Method.Run(context).MoveToOuter();
    }

    private static Explanation Explained(ScoredBatch scored, float[] maps, int height, int width, int[] forwards)
        => new(scored.ClassCount, scored.Probabilities, scored.Targets, scored.Status, maps, height, width, forwards) { TargetProbabilities = scored.TargetProbabilities, Against = scored.Against, Places = scored.Places };
}
