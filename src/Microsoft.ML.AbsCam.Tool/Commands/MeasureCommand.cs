using System.CommandLine;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Compare;
using Spectre.Console;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>A command that measures maps: runs a comparison, prints its table and finds the exit code.</summary>
internal static class MeasureCommand
{
    private const int MostTroubles = 20;

    // A pipe has no width, and what reads it wants whole lines.
    private const int PipeWidth = int.MaxValue;

    public static System.CommandLine.Command Create(string name, string description, OptionTable<MeasureRequest> options)
    {
        Argument<string[]> images = RunOptions.Images();
        var command = new System.CommandLine.Command(name, description) { images };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            MeasureRequest request = options.Read(parsed, new MeasureRequest { Images = parsed.GetValue(images)! });
            using ImageNetwork network = request.Settle();
            return Task.FromResult(Run(request.ToSettings(options.Facts(request), options.Identity(request)), request.IsQuiet, cancellation));
        });
        return command;
    }

    private static int Run(ComparisonSettings settings, bool isQuiet, CancellationToken cancellation)
    {
        var log = new ConsoleRunLog(isQuiet);
        var run = new ComparisonRun(settings, log);
        using var watch = new MaskWatch(log.Masks);
        using CancellationTokenRegistration note = cancellation.Register(() => log.Line("stopping after the maps that are under way; Ctrl-C again stops at once"));
        Comparison? comparison = null;
        try
        {
            log.Follow(() => comparison = run.Run(cancellation));
            if (comparison is null)
            {
                log.Trouble($"interrupted; what is measured is in '{Path.Combine(settings.Output, ComparisonJournal.FileName)}', and the same command with --resume goes on from there.");
                return ExitCodes.Interrupted;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Trouble($"stopped, because results cannot be written: {e.Message} What is measured is kept: when that is mended, the same command with --resume goes on.");
            return ExitCodes.CannotWrite;
        }

        (string Reason, string What)[] troubles = [.. comparison.Troubles()];
        foreach ((string reason, string what) in troubles.Take(MostTroubles))
        {
            log.Trouble($"{what}: not measured: {reason}.");
        }

        if (troubles.Length > MostTroubles)
        {
            log.Trouble(string.Create(CultureInfo.InvariantCulture, $"and {troubles.Length - MostTroubles} more, which the page names."));
        }

        if (!isQuiet)
        {
            int width = Console.IsOutputRedirected ? PipeWidth : AnsiConsole.Profile.Width;
            foreach (string line in ConsoleTable.Lines(comparison, width, settings.ShowsIntervals ? true : null))
            {
                log.Line(line);
            }

            log.Line(string.Create(CultureInfo.InvariantCulture, $"{comparison.Lines.Sum(line => line.Metrics.Forwards)} forwards to measure; table: {Path.Combine(settings.Output, ComparisonFiles.Table)}; page: {Path.Combine(settings.Output, ComparisonPage.FileName)}"));
        }

        return troubles.Length == 0 ? ExitCodes.AllExplained : ExitCodes.SomeFailed;
    }
}
