namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>Where a run says how it goes.</summary>
internal interface IRunLog
{
    void Line(string text);

    /// <summary>A row that could not be explained.</summary>
    void Trouble(string text);

    /// <summary>Says where the work begins.</summary>
    /// <param name="unit">What is counted, in the singular: image, map.</param>
    /// <param name="done">How many were done by an earlier process.</param>
    /// <param name="total">How many there are in all.</param>
    /// <param name="together">How many are under way at once.</param>
    void Begin(string unit, int done, int total, int together);

    /// <summary>Says how many are done now, and what is under way where that has a name.</summary>
    void Progress(int done, string? underWay = null);

    /// <summary>Says how far those are that are under way: masked images that were run, of so many as far as is known.</summary>
    void Masks(int done, int total);
}
