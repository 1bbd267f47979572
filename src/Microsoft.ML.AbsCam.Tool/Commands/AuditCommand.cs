using System.CommandLine;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Audits;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam audit: photos, or a run that explained them, in; what is wrong with the network out.</summary>
internal static class AuditCommand
{
    public static System.CommandLine.Command Create()
    {
        var images = new Argument<string[]>("OUTPUT|IMAGE|DIR|GLOB")
        {
            Description = "The folder of a finished run of 'explain'; or photos, folders of them, or patterns, which are explained first.",
            Arity = ArgumentArity.OneOrMore,
        };
        OptionTable<AuditRequest> options = AuditingOptions.Table();
        var command = new System.CommandLine.Command("audit", "Find what is wrong with a network: classes recognised by marks, borders, casts of colour or surroundings, each shown by experiment.") { images };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            AuditRequest request = options.Read(parsed, new AuditRequest { Images = parsed.GetValue(images)! });
            using ImageNetwork network = request.Settle();
            SortedDictionary<string, string> identity = ExplainCommand.Identity(options, request);
            if (request.Run is { } run)
            {
                FinishedOptions.Check(run, request, identity);
            }

            IReadOnlyList<(string, string)> facts = options.Facts(request);
            AuditSettings settings = request.ToAudit(facts);
            FindingsFolder.Check(settings.Output, settings.Overwrite);
            int explained = request.Run is null ? RunCommand.Run(request.ToExplain(facts, identity), request.IsQuiet, cancellation) : ExitCodes.AllExplained;
            return Task.FromResult(explained is ExitCodes.AllExplained or ExitCodes.SomeFailed ? Run(settings, request.IsQuiet, cancellation) : explained);
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
            log.Trouble($"interrupted; no findings are written yet. What was explained is kept in '{settings.Run?.Folder ?? settings.Output}', and what the network was asked since in '{settings.Output}': the same command goes on.");
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
