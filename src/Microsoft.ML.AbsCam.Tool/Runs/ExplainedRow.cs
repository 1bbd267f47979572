using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>What the pipeline gave for a row, apart from the cursor that it came from.</summary>
/// <param name="Row">The row.</param>
/// <param name="Statuses">One a target, like all that follows.</param>
/// <param name="Targets">Class indices, null for one that does not exist.</param>
/// <param name="Probabilities">Their probabilities, NaN where there is none.</param>
/// <param name="Maps">The maps, one after the other.</param>
/// <param name="Forwards">Images that went through the network.</param>
/// <param name="Milliseconds">The row's share of its batch's time.</param>
internal sealed record ExplainedRow(PhotoRow Row, MapStatus[] Statuses, int?[] Targets, float[] Probabilities, float[] Maps, int Forwards, float Milliseconds)
{
    /// <summary>The classes that the targets are told from; null where nothing is told apart.</summary>
    public int?[]? Against { get; init; }

    /// <summary>The probabilities of all classes; null where the network gives none, or nobody asked.</summary>
    public float[]? Scores { get; init; }

    /// <summary>Where in the photo each target is asked about; null where it is about no place, or one that is not there.</summary>
    public IReadOnlyList<ShownPlace?> Places { get; init; } = new ShownPlace?[Statuses.Length];

    /// <summary>Whether there was something to explain; where there was not, that is said once, however many classes were asked for.</summary>
    public bool HasImage => Statuses[0] != MapStatus.UnreadableImage;

    public bool IsExplained => Array.TrueForAll(Statuses, status => status == MapStatus.Ok);

    public static ExplainedRow Of(PhotoRow row, RowValues values)
        => new(row, values.Statuses, values.Targets, values.Probabilities, values.Map, values.Forwards, values.Milliseconds) { Against = values.Against, Scores = values.Scores, Places = values.Places };

    public ReadOnlySpan<float> MapOf(int target) => Maps.AsSpan(target * (Maps.Length / Statuses.Length), Maps.Length / Statuses.Length);
}
