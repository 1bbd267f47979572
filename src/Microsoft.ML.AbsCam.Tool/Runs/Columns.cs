namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>The names of the columns that a run appends.</summary>
internal static class Columns
{
    public const string Map = "Saliency";
    public const string Class = "Class";
    public const string Probability = "Probability";
    public const string Status = "Status";
    public const string Forwards = "Forwards";
    public const string Milliseconds = "Milliseconds";
}
