using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Pipeline.Evaluation.Images;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Sanity;

/// <summary>
/// Compares maps of a trained network with those of its randomised copies. Rows are read once, many at a time; for so many rows each
/// stage's network is made once and freed before the next, so that two networks at most are in memory.
/// </summary>
internal sealed class SanityCheck
{
    private readonly IHost _host;
    private readonly SanityCheckOptions _options;
    private readonly AbsCamOptions _explain;
    private readonly int? _fixedTarget;
    private readonly LabelledImages _images;
    private readonly ImageExplainer _trained;
    private readonly WeightCascade _cascade;
    private readonly IReadOnlyList<SanityStage> _stages;

    public SanityCheck(IHost host, IDataView data, ImageNetwork network, AbsCamOptions explain, SanityCheckOptions options)
    {
        options.Validate();
        if (explain.Target is not (PredictedTarget or ClassTarget or NamedClassTarget or ColumnTarget))
        {
            throw new ArgumentException($"The target is {explain.Target}, and maps are compared class by class. Take the predicted class, one class, or a column of classes.", nameof(explain));
        }

        _host = host;
        _options = options;
        _explain = MapOptions.Of(explain, SaliencyTarget.Predicted);
        _fixedTarget = explain.FixedTarget;
        _images = new LabelledImages(data, network, options.ImageColumn, (explain.Target as ColumnTarget)?.Name, explain);
        _trained = new ImageExplainer(host, network, _explain, _images.ImageSize);
        _cascade = network.Cascade();
        if (_cascade.Layers.Count == 0)
        {
            throw new NotSupportedException($"The network '{network.Name}' has no layer with weights of its own, so nothing can be drawn anew.");
        }

        _stages = SanityStage.Of(_cascade.Layers, options.StageCount);
    }

    public IEnumerable<SanityCheckRowMetrics> Rows()
    {
        foreach (IReadOnlyList<LabelledImage> rows in _images.Read(_options.RowsAtOnce))
        {
            TrainedMap[] trained = [.. rows.Where(row => row.Trouble is null).Chunk(_explain.BatchSize).SelectMany(Trained)];
            TrainedMap[] comparable = [.. trained.Where(map => map.Trouble is null)];
            foreach (SanityStage stage in comparable.Length == 0 ? [] : _stages)
            {
                Compare(stage, comparable);
            }

            Dictionary<long, TrainedMap> byRow = trained.ToDictionary(map => map.Row.Position);
            foreach (LabelledImage row in rows)
            {
                yield return byRow.TryGetValue(row.Position, out TrainedMap? map) ? map.Compared(_stages) : TrainedMap.Not(row.Position, row.Trouble!, _stages, 0);
            }
        }
    }

    private TrainedMap[] Trained(LabelledImage[] rows)
    {
        int[]? targets = rows[0].Target is null && _fixedTarget is null ? null : [.. rows.Select(row => row.Target ?? _fixedTarget!.Value)];
        Explanation maps = _trained.Explain([.. rows.Select(row => row.Input)], targets);
        return [.. rows.Select((row, i) => new TrainedMap(row, maps, i))];
    }

    private void Compare(SanityStage stage, TrainedMap[] trained)
    {
        using RandomisedNetwork randomised = _cascade.Randomise(stage.Randomised, _options.Seed);
        var explainer = new ImageExplainer(_host, randomised.Network, _explain, _images.ImageSize);
        foreach (TrainedMap[] batch in trained.Chunk(_explain.BatchSize))
        {
            Explanation maps = explainer.Explain([.. batch.Select(map => map.Row.Input)], [.. batch.Select(map => map.Target)]);
            for (int i = 0; i < batch.Length; i++)
            {
                batch[i].Compare(stage, maps, i);
            }
        }
    }
}
