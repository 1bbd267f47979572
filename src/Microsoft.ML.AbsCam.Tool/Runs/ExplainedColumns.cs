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

    /// <summary>The options, with all of them but the map's, which has a place of its own.</summary>
    public static AbsCamOptions In(AbsCamOptions options) => options with
    {
        Columns = options.Columns with { Class = Class, Probability = Probability, Status = Status, Forwards = Forwards, Milliseconds = Milliseconds },
    };
}
