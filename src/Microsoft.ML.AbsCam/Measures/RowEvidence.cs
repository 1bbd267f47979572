using Microsoft.ML.AbsCam.Measures.Perturbation;
using Microsoft.ML.AbsCam.Measures.Pointing;

namespace Microsoft.ML.AbsCam.Measures;

/// <summary>All that is known of a row when measures judge it.</summary>
/// <param name="image">The network's input, and the map at its size.</param>
/// <param name="target">The class.</param>
/// <param name="probability">The class's probability on the untouched image.</param>
/// <param name="scores">What the class scores on each image of each probe.</param>
/// <param name="maps">What the maps of each probe's images came to.</param>
internal sealed class RowEvidence(
    RowImage image, int target, float probability, IReadOnlyDictionary<PerturbationProbe, float[]> scores, IReadOnlyDictionary<MapProbe, MapLikenesses> maps)
{
    public RowImage Image => image;

    public int Target => target;

    public float Probability => probability;

    /// <summary>Whether the class is the highest on the untouched image.</summary>
    public bool IsHighest { get; init; }

    /// <summary>The map at the photo's own size.</summary>
    public required PhotoMap OnPhoto { get; init; }

    /// <summary>Where the object is; null where that is not asked.</summary>
    public ObjectRegion? Object { get; init; }

    public float[] Scores(PerturbationProbe probe) => scores[probe];

    public MapLikenesses Maps(MapProbe probe) => maps[probe];
}
