using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>What stands above the report of a run.</summary>
internal static class RunHeader
{
    /// <param name="settings">The run.</param>
    /// <param name="count">How many pictures there are.</param>
    public static ReportHeader Of(ExplainSettings settings, int count) => new(
        settings.Title,
        QuestionText.Summary(count, settings.Target.Kind is TargetKind.Output ? settings.Network.Shape.ClassCount : settings.Network.Shape.ClassesUnder(settings.Options.ScoreRule), settings.Target.Kind, settings.Network.Task),
        settings.Facts)
    {
        Reading = QuestionText.Reading(settings.Target.Kind, settings.Network.Task),
        IsPrediction = settings.Target.IsPrediction && settings.Network.Task == NetworkTask.Classify,
        Reference = settings.Target.Reference,
        ReferenceName = settings.Target.ReferencePath is { } path ? Path.GetFileName(path) : null,
        Overlay = settings.Options.Overlay,
    };
}
