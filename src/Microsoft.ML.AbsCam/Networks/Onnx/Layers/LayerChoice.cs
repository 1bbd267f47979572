using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Networks.Onnx.Paths;
using Microsoft.ML.AbsCam.Networks.Onnx.Scores;
using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>The maps that can be explained, then those of one pixel, with the one picked that should be.</summary>
/// <param name="Layers">All of them, in the order of computation.</param>
/// <param name="Layouts">By name: where the places are.</param>
/// <param name="WhyNoPick">Why no layer is taken by itself, with what to do; null where one is, or where there is no map at all and no step that took it away.</param>
internal sealed record LayerChoice(IReadOnlyList<FeatureLayer> Layers, IReadOnlyDictionary<string, PlaceLayout> Layouts, string? WhyNoPick)
{
    /// <summary>What speaks against the pick, with what to do; null where nothing does.</summary>
    public string? Doubt { get; private init; }

    /// <summary>With less of the work before it than this, a layer is no picture of what the network knows.</summary>
    private const double LeastWork = 0.5;

    public static LayerChoice Of(OnnxGraph graph, ExecutionPlan plan, int input, ImageInput image, ScoreOutput scores, RunTrace trace)
    {
        PathCounts paths = new(plan.Steps, input, scores.Slot);
        WorkShares work = new(graph, plan.Steps, trace, paths);
        IReadOnlyList<FeatureMap> maps = new PlaceCheck(graph, input, image, trace).Of(FeatureMaps.Of(graph, plan.Steps, input, image, trace));
        GraphReaders readers = new(plan.Steps, paths);
        ClassMaps classes = new(graph, plan.Steps, scores);
        LayerVerdicts verdicts = new(maps, readers, paths, classes);
        PoolingPreparation preparation = new(graph, plan.Steps, input, image, trace, paths, readers);
        (FeatureMap? last, verdicts.WithoutGradient) = Last(maps, paths, classes, verdicts, preparation, new PlaceGradients(graph, input, image, scores, trace));
        double? share = last is null ? null : work.OfPlacesUntil(last.Slot, maps.Where(map => map != last && classes.AreClasses(map)).Select(map => map.Slot));
        FeatureMap? pick = share < LeastWork ? null : last;
        IEnumerable<FeatureLayer> candidates = maps.Select(map =>
        {
            LayerJudgement judgement = verdicts.Of(map, pick);
            return new FeatureLayer(map.Name, map.Operator, map.Channels, map.Height, map.Width, map == pick, judgement.Sentence)
            {
                Kind = judgement.Kind,
                Reason = judgement.Reason,
                Tokens = map.Tokens,
                Stride = map.WholeStride,
                ReceptiveField = map.WholeField,
                WorkBefore = work.Until(map.Slot),
            };
        });
        return new LayerChoice(
            [.. candidates, .. OnePixelMaps.Of(plan.Steps, maps, trace, work)],
            maps.ToDictionary(map => map.Name, map => map.Layout, StringComparer.Ordinal),
            pick is not null ? null : maps.Count == 0 ? WhyNoMap(graph, plan, input, image, trace) : WhyNone(last, share))
        {
            Doubt = pick is not null && classes.MayBeClasses(pick)
                ? $"The layer '{pick.Name}' has as many channels as there are scores ({scores.Classes}), and nothing but pooling follows it: it is taken for the features of a network without a classifier. If its channels are the classes, name the layer before it."
                : null,
        };
    }

    // The last map that everything passes through and whose places count, at the resolution at which its features were found; and the maps whose places do not.
    private static (FeatureMap? Last, HashSet<int> WithoutGradient) Last(
        IReadOnlyList<FeatureMap> maps, PathCounts paths, ClassMaps classes, LayerVerdicts verdicts, PoolingPreparation preparation, PlaceGradients gradients)
    {
        FeatureMap[] whole = [.. maps.Reverse().Where(map => paths.AllPass(map.Slot))];
        FeatureMap[] features = [.. whole.Where(map => !LayerVerdicts.IsPooled(map) && verdicts.CopyOf(map) is null && !classes.AreClasses(map))];
        HashSet<int> without = [];
        if (maps.Any(map => map.Tokens is not null))
        {
            while (features.Length > 0)
            {
                without = gradients.Without(features[0], maps.SkipWhile(map => map != features[0]).Skip(1));
                if (!without.Contains(features[0].Slot))
                {
                    break;
                }

                features = features[1..];
            }

            whole = [.. whole.Where(map => !without.Contains(map.Slot))];
        }

        if (features.Length == 0)
        {
            return (whole.FirstOrDefault(), without);
        }

        // What the pooling's preparation begins with may itself be a copy or a pooled map.
        FeatureMap last = preparation.Before(features[0], features.Skip(1)) ?? features[0];
        return (whole.SkipWhile(map => map != last).FirstOrDefault(features.Contains) ?? last, without);
    }

    // Where nothing is lost but by weights, the network has no maps at all, which is for the network to say.
    private static string? WhyNoMap(OnnxGraph graph, ExecutionPlan plan, int input, ImageInput image, RunTrace trace) =>
        FeatureMaps.EndOfPlaces(graph, plan.Steps, input, image, trace) is { } end
            ? $"no map lies over the whole image: behind the node '{end.Node.Name}' ({end.Node.Operator}) rows or columns are no longer where they were, as where an image is mirrored, cut or enlarged by a border. Take that step out of the file, and do to the images before what it does."
            : null;

    private static string WhyNone(FeatureMap? last, double? share) => last is null
        ? "no single map of features lies on every way from the image to the class scores, so none shows all that the network uses. Name one of its layers, or several that are fused."
        : FormattableString.Invariant($"the last map of features, '{last.Name}' ({last.Channels} x {last.Height} x {last.Width}), comes before most of the network: {share:P0} of its multiplications lie before it, and what follows (tokens whose places in the image are not known, or branches that meet only after pooling) has no map that everything passes through. Name a layer if that one, or several that are fused, is what should be explained.");
}
