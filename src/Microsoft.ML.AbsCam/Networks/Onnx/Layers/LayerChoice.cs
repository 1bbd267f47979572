namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>Lists the maps that can be explained, then those of one pixel, and picks the one that should be.</summary>
internal static class LayerChoice
{
    public static IReadOnlyList<FeatureLayer> Of(OnnxGraph graph, ExecutionPlan plan, int input, ImageInput image, ScoreOutput scores, RunTrace trace)
    {
        MapLayout layout = image.ChannelsLast ? MapLayout.ChannelsLast : MapLayout.ChannelsFirst;
        IReadOnlyList<FeatureMap> maps = FeatureMaps.Of(graph, plan.Steps, input, layout, trace);
        WorkShares work = new(graph, plan.Steps, trace);
        if (!maps.Any(map => map.IsCandidate))
        {
            // Methods that only look at the image can still explain it.
            return [.. OnePixelMaps.Of(plan.Steps, maps, trace, work)];
        }

        LayerVerdicts verdicts = new(plan.Steps, maps, input, scores);
        FeatureMap pick = Pick(maps, verdicts);
        Dictionary<FeatureMap, MapGeometry> geometry = MapGeometry.Of(graph, maps);
        IEnumerable<FeatureLayer> candidates = maps.Where(map => map.IsCandidate).Select(map =>
        {
            LayerJudgement judgement = verdicts.Of(map, pick);
            return new FeatureLayer(map.Name, map.Operator, map.Channels, (int)map.Shape[2], (int)map.Shape[3], map == pick, judgement.Sentence)
            {
                Kind = judgement.Kind,
                Reason = judgement.Reason,
                Stride = geometry[map].WholeStride,
                ReceptiveField = geometry[map].WholeField,
                WorkBefore = work.Until(map.Slot),
            };
        });
        return [.. candidates, .. OnePixelMaps.Of(plan.Steps, maps, trace, work)];
    }

    // From the last map back to the last one that is a map of features, at the resolution at which they were found.
    private static FeatureMap Pick(IReadOnlyList<FeatureMap> maps, LayerVerdicts verdicts)
    {
        HashSet<FeatureMap> inner = [.. maps.SelectMany(map => map.Parents)];
        FeatureMap last = maps.Last(map => !inner.Contains(map));
        FeatureMap? map = last;
        while (map is not null && (!map.IsCandidate || LayerVerdicts.IsPooled(map) || LayerVerdicts.IsCopy(map) || verdicts.AreClasses(map)))
        {
            map = map.Parents.Count > 0 ? map.Parents[^1] : null;
        }

        return map ?? maps.LastOrDefault(candidate => candidate.IsCandidate && verdicts.AllPass(candidate)) ?? maps.Last(candidate => candidate.IsCandidate);
    }
}
