using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>Runs, says what came of it, and finds the exit code.</summary>
internal static class RunCommand
{
    public static int Run(ExplainSettings settings, bool isQuiet, CancellationToken cancellation)
    {
        var log = new ConsoleRunLog(isQuiet);
        var run = new ExplainRun(settings, log);
        using var watch = new MaskWatch(log.Masks);
        RunSummary summary = run.Summary;
        using CancellationTokenRegistration note = cancellation.Register(() => log.Line("stopping after the images that are under way; Ctrl-C again stops at once"));
        try
        {
            log.Follow(() => run.Run(cancellation));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Trouble($"stopped after {run.Done} of {run.Count} images, because results cannot be written: {e.Message} What is done is kept: when that is mended, the same command with --resume goes on.");
            return ExitCodes.CannotWrite;
        }

        if (summary.WasDone)
        {
            return summary.Failed == 0 ? ExitCodes.AllExplained : ExitCodes.SomeFailed;
        }

        foreach (string line in summary.Lines())
        {
            log.Line(line);
        }

        if (settings.Save.HasFlag(SaveKinds.Report))
        {
            log.Line($"report: {Path.Combine(settings.Output, ResultNames.Page)}");
        }

        if (summary.WasInterrupted)
        {
            log.Trouble($"interrupted after {summary.Images} of {run.Count} images; what is done is in '{settings.Output}', and the same command with --resume goes on.");
            return ExitCodes.Interrupted;
        }

        if (summary.Images < run.Count)
        {
            log.Trouble($"stopped after {summary.Images} of {run.Count} images, as --on-error stop asks.");
        }

        return summary.Failed == 0 ? ExitCodes.AllExplained : ExitCodes.SomeFailed;
    }
}
