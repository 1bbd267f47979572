namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>The class names that a file holds, where they are the scores' own.</summary>
internal static class OwnLabels
{
    /// <summary>The names, or a sentence why those that were found are left out.</summary>
    public static (IReadOnlyList<string>? Labels, string? Trouble) Of(IReadOnlyList<OutputValue> outputs, ScoreOutput scores)
    {
        OutputValue[] named = [.. outputs.Where(output => output.Labels is not null)];
        OutputValue[] fitting = [.. named.Where(output => Fit(output, scores))];

        // Those of the output that ranks these very scores come before those of a label beside them.
        OutputValue[] closest = [.. fitting.Where(output => output.Value == scores.Output)];
        fitting = closest.Length > 0 ? closest : fitting;
        return fitting switch
        {
            [] when named.Length == 0 => (null, null),
            [] => (null, $"The file names {named[0].Labels!.Count} classes, and there are {scores.Classes} scores; its names are left out."),
            _ when fitting.All(output => output.Labels!.SequenceEqual(fitting[0].Labels!)) => (fitting[0].Labels, null),
            _ => (null, $"The outputs {string.Join(", ", fitting.Select(output => $"'{output.Output}'"))} name the classes differently; the file's names are left out."),
        };
    }

    // One single score is two classes.
    private static bool Fit(OutputValue output, ScoreOutput scores) => output.Labels!.Count == (scores.Classes == 1 ? 2 : scores.Classes);
}
