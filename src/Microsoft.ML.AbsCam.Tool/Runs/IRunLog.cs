namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Where a run says how it goes.</summary>
internal interface IRunLog
{
    void Line(string text);

    /// <summary>A row that could not be explained.</summary>
    void Trouble(string text);

    void Progress(int done, int total);
}
