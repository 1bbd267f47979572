using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Measures that say little of maps that answer some questions, and why. They are left out where nobody names them, and rank no method.</summary>
internal static class LittleMeaning
{
    /// <param name="measure">The measure's name.</param>
    /// <param name="kind">What the maps explain.</param>
    /// <param name="task">What the network is for.</param>
    /// <returns>The reason, as the end of a sentence; null where the measure means what it says.</returns>
    public static string? Of(string measure, TargetKind kind, NetworkTask task) => kind switch
    {
        _ when task == NetworkTask.Detect && measure is "gain" or "increase" => "a box is matched by its place, and on a masked picture it lies a little elsewhere, so overlap times probability hardly ever exceeds the picture's own",
        TargetKind.Output when measure is "gain" or "increase" => "the picture's own value counts as 1, and nothing counts as more",
        TargetKind.Output when SaliencyMeasure.OfObjects.Contains(measure) => "a number of the whole picture has no object that a map should keep to",
        TargetKind.Similar when SaliencyMeasure.OfObjects.Contains(measure) => "what makes two pictures alike need not be the object",
        _ => null,
    };

    /// <summary>What the log says of those that are left out; null where none is.</summary>
    public static string? Note(IEnumerable<string> measures, TargetKind kind, NetworkTask task)
    {
        string[] reasons = [.. measures.Select(measure => (Measure: measure, Why: Of(measure, kind, task))).Where(pair => pair.Why is not null)
            .GroupBy(pair => pair.Why).Select(group => $"{string.Join(" and ", group.Select(pair => pair.Measure))}, since {group.Key}")];
        return reasons.Length == 0 ? null : $"measures that say little of this question rank no method, and are left out unless --measures names them: {string.Join("; ", reasons)}";
    }
}
