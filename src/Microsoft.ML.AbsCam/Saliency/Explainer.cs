using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Telemetry;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Explains batches of images: scores, targets, maps. It keeps no state between batches.</summary>
internal sealed class Explainer(ImageNetwork network, ExplainerSettings settings)
{
    // Of the network's work: where no more than the rest lies behind the layer, libtorch's threads do ONNX Runtime's runs more harm than good.
    private const double MostBefore = 0.8;

    private readonly bool _isSolo = settings.Engine == NetworkEngine.OnnxRuntime && settings.Method.IsLight
        && settings.Layers.All(layer => layer.WorkBefore >= MostBefore);

    /// <param name="images">The network's inputs [B,C,H,W], on the CPU.</param>
    /// <param name="asks">What each row asks for.</param>
    /// <param name="withMaps">Without maps, one forward pass gives scores and targets.</param>
    public Explanation Explain(Tensor images, RowAsks asks, bool withMaps)
    {
        using BatchTelemetry? telemetry = BatchTelemetry.Start(network.Name, withMaps ? settings.Method.Name : "none", [.. settings.Layers.Select(layer => layer.Name)], settings.Engine.ToString());
        try
        {
            Explanation explained = _isSolo
                ? SoloThread.Run(() => Compute(images, asks, withMaps, telemetry))
                : Compute(images, asks, withMaps, telemetry);
            telemetry?.Done((int)images.shape[0], explained.Forwards.Sum(), withMaps ? explained.Status.Select(status => status.ToString()) : []);
            return explained;
        }
        catch (Exception e)
        {
            telemetry?.Failed(e);
            throw;
        }
    }

    private Explanation Compute(Tensor images, RowAsks asks, bool withMaps, BatchTelemetry? telemetry)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor input = images.to(settings.Device);
        using var batch = new MethodBatch(network, settings, input, asks, telemetry);
        return withMaps ? ExplainWithMaps(batch, input) : Explained(batch.Scored, [], 0, 0, batch.Forwards);
    }

    private Explanation ExplainWithMaps(MethodBatch batch, Tensor input)
    {
        LayerMaps[] layers = settings.Method.UsesLayer ? [.. settings.Layers.Select(layer => MapsOf(batch, input, layer.Name))] : [MapsOf(batch, input, null)];
        LayerMaps fused = layers.Length == 1 ? layers[0] : LayerMaps.Fuse(layers, settings.Fusion);
        Tensor map = fused.Normalized();
        float[] maps = map.ToFloats();
        batch.Scored.JudgeMaps(MapMath.Range(fused.Raw).ToFloats(), MapMath.FlatRangeOf(fused.Raw).ToFloats(), fused.Fault?.data<long>().ToArray(), maps);
        return Explained(batch.Scored, maps, (int)map.shape[2], (int)map.shape[3], batch.Forwards);
    }

    private LayerMaps MapsOf(MethodBatch batch, Tensor input, string? layer)
    {
        using var scope = NewDisposeScope();
        return settings.Method.Run(new MethodContext(batch, input, layer)).MoveToOuter();
    }

    private static Explanation Explained(ScoredBatch scored, float[] maps, int height, int width, int[] forwards)
        => new(scored.ClassCount, scored.Probabilities, scored.Targets, scored.Status, maps, height, width, forwards) { Against = scored.Against, Places = scored.Places };
}
