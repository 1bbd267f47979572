using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>What stands above the report of a run.</summary>
internal static class RunHeader
{
    /// <param name="settings">The run.</param>
    /// <param name="count">How many pictures there are.</param>
    public static ReportHeader Of(ExplainSettings settings, int count) => new(
        settings.Title,
        $"{count} pictures went through a network that tells {settings.Network.Shape.ClassesUnder(settings.Options.ScoreRule)} classes apart. For each, a map shows which parts of the picture spoke for the class.",
        settings.Facts)
    {
        ColorMap = settings.Options.Overlay.ColorMap,
    };
}
