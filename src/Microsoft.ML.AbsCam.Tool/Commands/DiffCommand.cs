using System.CommandLine;
using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Audits;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Differences;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam diff: two finished runs in; what changed from one to the other out.</summary>
internal static class DiffCommand
{
    public static System.CommandLine.Command Create()
    {
        var first = new Argument<string>("OUTPUT1") { Description = "The folder of a finished run of 'explain', or of 'audit'." };
        var second = new Argument<string>("OUTPUT2") { Description = "The folder of another, of the same photos: another model, another date. Effects are this less the first." };
        Option<string> output = OptionSyntax.Text(["--output", "-o"], "DIR", "The folder for the results.", "abscam-diff");
        Option<string> truth = RunOptions.TruthSyntax("to know what became better or worse [default: what the runs were told]");
        Option<string> boxes = ObjectSyntax.Boxes();
        Option<string> masks = ObjectSyntax.Masks();
        Option<bool> anyClass = ObjectSyntax.AnyClass();
        Option<AnnotatedPixels> pixels = ObjectSyntax.Pixels();
        Option<double> level = OptionSyntax.Number("--level", "The probability of claiming anything false in one family of tests. [default: 0.05]", 1e-6, 0.5, "a probability above 0 and at most 0.5");
        Option<int> seed = OptionSyntax.Number("--seed", "What permutations and intervals are drawn from. [default: 1]", 0, int.MaxValue);
        Option<bool> overwrite = OptionSyntax.Flag("--overwrite", "Take away what an earlier comparison left in the folder.");
        Option<bool> quiet = RunOptions.QuietSyntax();
        var command = new System.CommandLine.Command("diff", "Tell what changed between two runs over the same photos: answers, certainty, and where the heat lies; each tested.") { first, second, output, truth, boxes, anyClass, masks, pixels, level, seed, overwrite, quiet };
        command.SetAction((parsed, cancellation) =>
        {
            var settings = new DiffSettings(FinishedRun.Open(parsed.GetValue(first)!), FinishedRun.Open(parsed.GetValue(second)!), parsed.GetValue(output)!)
            {
                Truth = ShownClasses.Find(parsed.GetValue(truth)),
                Objects = Objects(parsed.GetValue(boxes), parsed.GetValue(masks), parsed.GetValue(anyClass)),
                Pixels = parsed.GetResult(pixels) is null ? AnnotatedPixels.BySize : parsed.GetValue(pixels),
                Level = parsed.GetResult(level) is null ? new DiffOptions().Level : parsed.GetValue(level),
                Seed = parsed.GetResult(seed) is null ? new DiffOptions().Seed : parsed.GetValue(seed),
                Overwrite = parsed.GetValue(overwrite),
            };
            return Task.FromResult(Run(settings, new ConsoleRunLog(parsed.GetValue(quiet)), cancellation));
        });
        return command;
    }

    private static ObjectTruth Objects(string? boxes, string? masks, bool anyClass) => boxes is not null && masks is not null
        ? throw new UsageException("--boxes and --object-masks both say where objects are. Give one of them.")
        : new ObjectTruth(boxes is null ? null : ObjectBoxFile.Read(boxes), masks is null ? null : new MaskFolder(masks), anyClass);

    private static int Run(DiffSettings settings, ConsoleRunLog log, CancellationToken cancellation)
    {
        AuditReport report;
        try
        {
            report = new DiffRun(settings, log).Run(cancellation);
        }
        catch (OperationCanceledException)
        {
            log.Trouble("interrupted; nothing is written.");
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Trouble($"stopped, because results cannot be read or written: {e.Message}");
            return ExitCodes.CannotWrite;
        }

        foreach ((string reason, int count) in report.Unused)
        {
            log.Trouble(string.Create(CultureInfo.InvariantCulture, $"{count} photo{(count == 1 ? "" : "s")} not compared: {reason}."));
        }

        foreach (string line in report.ToString().TrimEnd().Split('\n'))
        {
            log.Line(line);
        }

        log.Line($"findings: {Path.Combine(settings.Output, FindingsFolder.Text)}, {FindingsFolder.Json}; page: {Path.Combine(settings.Output, ResultNames.Page)}");
        return report.Unused.Count == 0 ? ExitCodes.AllExplained : ExitCodes.SomeFailed;
    }
}
