namespace Microsoft.ML.AbsCam.Networks.Onnx.Scores;

/// <summary>The class names that a file holds, where they are the scores' own.</summary>
internal static class OwnLabels
{
    /// <summary>The names, or a sentence why those that were found are left out.</summary>
    public static (IReadOnlyList<string>? Labels, string? Trouble) Of(IReadOnlyList<OutputValue> outputs, ScoreOutput scores)
    {
        OutputValue[] named = [.. outputs.Where(output => output.Labels is not null)];

        // Names are the scores' own, in their order, where an output ranks or packs these very scores by them.
        OutputValue[] own = [.. named.Where(output => output.Value == scores.Output || scores.Same.Contains(output.Value))];
        OutputValue[] fitting = [.. own.Where(output => Fit(output, scores))];
        return fitting switch
        {
            [] when named.Length == 0 => (null, null),
            [] when own.Length == 0 => (null, $"The file holds class names ('{named[0].Labels![0]}' and so on), and what picks one of them is not the place of the greatest score; they are left out, since their order may be another."),
            [] => (null, $"The file names {own[0].Labels!.Count} classes, and there are {scores.Classes} scores; its names are left out."),
            _ when fitting.All(output => output.Labels!.SequenceEqual(fitting[0].Labels!)) => (fitting[0].Labels, null),
            _ => (null, $"The outputs {string.Join(", ", fitting.Select(output => $"'{output.Output}'"))} name the classes differently; the file's names are left out."),
        };
    }

    // One single score is two classes.
    private static bool Fit(OutputValue output, ScoreOutput scores) => output.Labels!.Count == (scores.Classes == 1 ? 2 : scores.Classes);
}
