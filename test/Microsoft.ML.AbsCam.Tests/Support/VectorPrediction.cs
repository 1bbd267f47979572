using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>What a prediction engine gives back.</summary>
internal sealed class VectorPrediction
{
    [VectorType(TinyNetwork.Side, TinyNetwork.Side)]
    public float[] Saliency { get; set; } = [];
}
