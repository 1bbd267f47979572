using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>The names of the columns that a run appends.</summary>
internal static class ExplainedColumns
{
    public const string Map = "Saliency";
    public const string Class = "Class";
    public const string Probability = "Probability";
    public const string Status = "Status";
    public const string Forwards = "Forwards";
    public const string Milliseconds = "Milliseconds";
    public const string Against = "Against";
    public const string Scores = "Scores";
    public const string Box = "AskedBox";
    public const string Region = "AskedRegion";

    /// <summary>The same, with the probabilities of all classes where there are such.</summary>
    public static AbsCamOptions WithScores(AbsCamOptions options, TargetKind kind, NetworkTask task)
        => task == NetworkTask.Classify && kind is TargetKind.Class or TargetKind.Contrast ? options with { Columns = options.Columns with { Scores = Scores } } : options;

    /// <summary>The options, with all of them that the question has but the map's, which has a place of its own.</summary>
    public static AbsCamOptions In(AbsCamOptions options, TargetKind kind, NetworkTask task) => options with
    {
        Columns = options.Columns with
        {
            Class = Class,
            Probability = Probability,
            Status = Status,
            Forwards = Forwards,
            Milliseconds = Milliseconds,
            Against = kind is TargetKind.Contrast or TargetKind.Several ? Against : null,
            Box = task == NetworkTask.Detect ? Box : null,
            Region = task == NetworkTask.Segment ? Region : null,
        },
    };
}
