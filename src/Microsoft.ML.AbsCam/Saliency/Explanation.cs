using Microsoft.ML.AbsCam.Saliency.Questions;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>
/// What is known of B images after a batch, T targets an image; arrays hold the first row's values, then the second's.
/// </summary>
/// <param name="ClassCount">Classes of the network.</param>
/// <param name="Probabilities">Softmax probabilities, B x classes; of several questions those of the first.</param>
/// <param name="Targets">Class indices, B x T; -1 where the row asks for a class that is not there.</param>
/// <param name="Status">B x T.</param>
/// <param name="Maps">B x T x h x w in [0,1], NaN where the status is not <see cref="MapStatus.Ok"/>; empty where no maps were asked for.</param>
/// <param name="MapHeight">Rows of a map.</param>
/// <param name="MapWidth">Columns of a map.</param>
/// <param name="Forwards">Images of each row that went through the network, masked and noisy ones and ablated activations included.</param>
internal sealed record Explanation(
    int ClassCount, float[] Probabilities, int[] Targets, MapStatus[] Status, float[] Maps, int MapHeight, int MapWidth, int[] Forwards)
{
    /// <summary>The classes that the targets are told from, B x T, -1 for one that is not there; null where nothing is.</summary>
    public int[]? Against { get; init; }

    /// <summary>The probabilities of the targets, B x T, NaN of one that is not there.</summary>
    public required float[] TargetProbabilities { get; init; }

    /// <summary>Where in the network's input each target is asked about, B x T, null for a place that is not there; null where it is about no place.</summary>
    public AskedPlace?[]? Places { get; init; }

    /// <summary>What lies under each map's heat, B x T x channels of the layer, NaN where there is no map; empty where nobody asked.</summary>
    public float[] HeatFeatures { get; init; } = [];

    public ReadOnlySpan<float> Map(int target) => Maps.AsSpan(target * MapHeight * MapWidth, MapHeight * MapWidth);

    public ReadOnlySpan<float> ProbabilitiesOf(int row) => Probabilities.AsSpan(row * ClassCount, ClassCount);

}
