using System.CommandLine;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Audits;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam audit: photos in; what is wrong with the network out.</summary>
internal static class AuditCommand
{
    public static System.CommandLine.Command Create()
    {
        Argument<string[]> images = RunOptions.Images();
        OptionTable<AuditRequest> options = AuditingOptions.Table();
        var command = new System.CommandLine.Command("audit", "Find what is wrong with a network: classes recognised by marks, borders, casts of colour or surroundings, each shown by experiment.") { images };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var request = new AuditRequest { Images = parsed.GetValue(images)! };
            request.Options = request.Options with { Method = AuditRequest.UsualMethod };
            options.Read(parsed, request);
            using ImageNetwork network = request.Settle();
            return Task.FromResult(Run(request.ToAudit(options.Facts(request)), request.IsQuiet, cancellation));
        });
        return command;
    }

    private static int Run(AuditSettings settings, bool isQuiet, CancellationToken cancellation)
    {
        var log = new ConsoleRunLog(isQuiet);
        AuditReport report;
        try
        {
            report = new AuditRun(settings, log).Run(cancellation);
        }
        catch (OperationCanceledException)
        {
            log.Trouble("interrupted; an audit has no findings before its end, so nothing is written.");
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Trouble($"stopped, because results cannot be written: {e.Message}");
            return ExitCodes.CannotWrite;
        }

        foreach ((string reason, int count) in report.Unused)
        {
            log.Trouble(string.Create(CultureInfo.InvariantCulture, $"{count} photo{(count == 1 ? "" : "s")} not audited: {reason}."));
        }

        if (!isQuiet)
        {
            foreach (string line in report.ToString().TrimEnd().Split('\n'))
            {
                log.Line(line);
            }

            log.Line($"findings: {Path.Combine(settings.Output, FindingsFolder.Text)}, {FindingsFolder.Json}");
        }

        return report.Unused.Count == 0 ? ExitCodes.AllExplained : ExitCodes.SomeFailed;
    }
}
