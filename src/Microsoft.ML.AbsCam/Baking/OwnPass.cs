using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Saliency;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>
/// The graph that a baked file holds, for this library itself: one run of ONNX Runtime gives a batch's scores, classes and maps, with what the maps are judged by. It is
/// run beside TorchSharp before it is taken, as every baked file is.
/// </summary>
internal static class OwnPass
{
    /// <param name="network">The network.</param>
    /// <param name="method">The method.</param>
    /// <param name="layers">The layers.</param>
    /// <param name="size">The size of maps.</param>
    /// <param name="target">What is asked.</param>
    /// <param name="labels">The names of the classes; null where there are none.</param>
    /// <param name="cuda">The CUDA device of ONNX Runtime, which is to be had; null for the CPU.</param>
    /// <param name="otherwise">Explains what the graph cannot.</param>
    /// <returns>Null where there is no such graph, and passes and gradients are made apart.</returns>
    public static IExplainer? TryOpen(ImageNetwork network, SaliencyMethod method, IReadOnlyList<FeatureLayer> layers, MapSize size, SaliencyTarget target, IReadOnlyList<string>? labels, int? cuda, Func<IExplainer> otherwise)
    {
        if (network is not OnnxImageNetwork onnx || method is not GradientMethod { Nodes: not null } || layers is not [var layer] || network.Layout is not OutputLayout.ScoreVector || !IsOfScores(target))
        {
            return null;
        }

        bool isGiven = target is ColumnTarget;
        var options = new BakeOptions { Method = method, Layer = layer.Name, MapSize = size, Target = isGiven ? SaliencyTarget.Predicted : target, TargetInput = isGiven, Labels = labels };
        OwnGraph? graph = network.Held(FormattableString.Invariant($"{method}|{layer.Name}|{size}|{target}|{cuda}|{(target.ClassPart is NamedClassTarget || target.AgainstPart is NamedClassTarget ? string.Join('\n', labels ?? []) : "")}"), () => Open(onnx, options, cuda));
        return graph is null ? null : new BakedExplainer(network, graph.Plan, (images, rows, given) => network.With(() => graph.Session.Run(images, rows, network.Shape, given)), otherwise);
    }

    private static bool IsOfScores(SaliencyTarget target) => target switch
    {
        PredictedTarget or ClassTarget or NamedClassTarget or OutputTarget or ColumnTarget => true,
        ContrastTarget contrast => contrast.Of is not ColumnTarget && contrast.Against is not ColumnTarget,
        _ => false,
    };

    // Whatever goes wrong here, passes and gradients that are made apart can do without.
    private static OwnGraph? Open(OnnxImageNetwork network, BakeOptions options, int? cuda)
    {
        try
        {
            (byte[] file, _, BakedPlan plan) = Bakery.Bake(network, options, judges: true);
            return new OwnGraph(plan, BakedRun.Open(file, network.Name, plan, get_num_threads(), cuda));
        }
        catch (Exception e) when (e is NetworkLoadException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
