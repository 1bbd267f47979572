using Microsoft.ML.AbsCam.Measures.Similarity;
using Microsoft.ML.AbsCam.Pipeline.Evaluation.Images;
using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Sanity;

/// <summary>A row's map of the trained network, and how alike the maps of each stage are to it.</summary>
internal sealed class TrainedMap
{
    private readonly List<StageLikeness> _stages = [];
    private readonly float[] _map;
    private readonly float[] _ranks;
    private int _forwards;

    public TrainedMap(LabelledImage row, Explanation explanation, int place)
    {
        Row = row;
        Target = explanation.Targets[place];
        _forwards = explanation.Forwards[place];
        Trouble = explanation.Status[place] == MapStatus.Ok ? null : $"the trained network gives no map: {MapStatusText.Of(explanation.Status[place])}";
        _map = Trouble is null ? explanation.Map(place).ToArray() : [];
        _ranks = RankCorrelation.RanksOf(_map);
    }

    public LabelledImage Row { get; }

    public int Target { get; }

    /// <summary>Why there is nothing to compare with; null where there is.</summary>
    public string? Trouble { get; }

    public void Compare(SanityStage stage, Explanation explanation, int place)
    {
        _forwards += explanation.Forwards[place];
        ReadOnlySpan<float> map = explanation.Map(place);
        _stages.Add(explanation.Status[place] != MapStatus.Ok
            ? StageLikeness.Not(stage, $"the randomised network gives no map: {MapStatusText.Of(explanation.Status[place])}")
            : new StageLikeness(
                stage, RankCorrelation.Of(_ranks, RankCorrelation.RanksOf(map)), StructuralSimilarity.Of(_map, map, explanation.MapHeight, explanation.MapWidth)));
    }

    public SanityCheckRowMetrics Compared(IReadOnlyList<SanityStage> stages) => Trouble is null
        ? new SanityCheckRowMetrics(Row.Position, Target, _stages, _forwards)
        : Not(Row.Position, Trouble, stages, _forwards);

    public static SanityCheckRowMetrics Not(long row, string trouble, IReadOnlyList<SanityStage> stages, int forwards)
        => new(row, -1, [.. stages.Select(stage => StageLikeness.Not(stage, trouble))], forwards);
}
