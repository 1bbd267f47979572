using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>The options of 'audit'.</summary>
internal static class AuditingOptions
{
    public static OptionTable<AuditRequest> Table() => new(
    [
        NetworkOptions.Model(),
        new CommandOption<AuditRequest, string>(
            OptionSyntax.Text(["--output", "-o"], "DIR", "The folder for the results. [default: abscam-audit, and for a finished run its own]"),
            (request, path) => request.Output = path),
        new CommandOption<AuditRequest, string>(
            OptionSyntax.Text("--photos", "DIR|GLOB", "Where the photos of a finished run are, given as they were to 'explain'. [default: where it found them]"),
            (request, place) => request.Photos = [place])
        {
            OnPages = ("Run", request => request.Run?.Folder),
        },
        new CommandOption<AuditRequest, SaliencyMethod>(MethodOption.Syntax($"{AuditRequest.UsualMethod.Name}, and of a finished run its own"), (request, method) => request.Method = method)
        {
            OnPages = ("Method", request => MethodText.Of(request.Options.Method)),
            InJournals = ("method", request => request.Options.Method.Name),
        },
        .. MapOptions.All(),
        MapOptions.Target("predicted|CLASS|@FILE.csv", "What to explain: the predicted class, a class by name or index, or one a photo from a CSV file with the columns image and target."),
        .. PreprocessingOptions.All(),
        MapOptions.Decode("Decode large JPEG photos at a fraction of their size, still at least twice what the network sees, or whole, as where objects are known. [default: whole]"),
        .. NetworkOptions.Opening(),
        new CommandOption<AuditRequest, string>(RunOptions.TruthSyntax("to know what is wrong"), (request, truth) => request.TruthText = truth)
        {
            OnPages = ("Truth", request => request.TruthText),
        },
        .. MeasureOptions.Objects(),
        new CommandOption<AuditRequest, int>(
            OptionSyntax.Number("--trials", $"How many pictures an experiment takes. [default: {new AuditOptions().Trials}]", 8, 1024),
            (request, count) => request.Audit = request.Audit with { Trials = count })
        {
            OnPages = ("Trials", request => request.Audit.Trials.ToString(CultureInfo.InvariantCulture)),
        },
        new CommandOption<AuditRequest, double>(
            OptionSyntax.Number("--level", "The probability of claiming anything false in one family of tests. [default: 0.05]", 1e-6, 0.5, "a probability above 0 and at most 0.5"),
            (request, level) => request.Audit = request.Audit with { Level = level })
        {
            OnPages = ("Level", request => request.Audit.Level.ToString(CultureInfo.InvariantCulture)),
        },
        new CommandOption<AuditRequest, int>(
            OptionSyntax.Number("--seed", "What permutations and samples are drawn from. [default: 1]", 0, int.MaxValue),
            (request, seed) => request.Seed = seed)
        {
            OnPages = ("Seed", request => request.Seed.ToString(CultureInfo.InvariantCulture)),
        },
        RunOptions.Resume(),
        RunOptions.Overwrite(),
        RunOptions.Quiet(),
    ]);
}
