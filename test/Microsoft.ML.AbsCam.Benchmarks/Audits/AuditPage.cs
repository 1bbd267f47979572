using System.Globalization;

namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>Prints what the proof found so far as tables of docs/understand/audit.md.</summary>
internal static class AuditPage
{
    public static void Print(string folder)
    {
        IReadOnlyList<AuditOutcome> outcomes = AuditProof.Read(folder);
        Half("Networks that are reported", outcomes, isReported: true);
        Half("Networks that method and thresholds were set on", outcomes, isReported: false);
    }

    private static void Half(string title, IReadOnlyList<AuditOutcome> outcomes, bool isReported)
    {
        AuditCase[] cases = [.. AuditCase.All.Where(one => one.IsReported == isReported)];
        Markdown.Heading(title);
        Summarise("Without objects", cases, [.. outcomes.Where(outcome => !outcome.KnowsObjects)]);
        Summarise("With the objects' masks", cases, [.. outcomes.Where(outcome => outcome.KnowsObjects)]);
        Console.WriteLine();
        Markdown.Header("network", "planted", "share", "accuracy", "reliance", "found", "IoU", "others accused", "with masks", "IoU", "others accused", "audit s");
        foreach (AuditCase one in cases)
        {
            AuditOutcome? plain = outcomes.LastOrDefault(outcome => outcome.Number == one.Number && !outcome.KnowsObjects);
            AuditOutcome? masked = outcomes.LastOrDefault(outcome => outcome.Number == one.Number && outcome.KnowsObjects);
            if ((plain ?? masked) is { } any)
            {
                Markdown.Row(
                    [one.Number.ToString(CultureInfo.InvariantCulture), one.Plant?.Kind.ToString().ToLowerInvariant() ?? "nothing", one.Plant is { } plant ? Markdown.Number(plant.Share, "0 %") : "", Markdown.Number(any.Accuracy, "0.000"),
                    one.Plant is null ? "" : Markdown.Number(any.Reliance, "0.00"), .. Cells(one, plain), .. Cells(one, masked), plain is null ? "" : Markdown.Number(plain.AuditSeconds, "0")]);
            }
        }
    }

    private static string[] Cells(AuditCase one, AuditOutcome? outcome) => outcome is null
        ? ["not run", "", ""]
        : [one.Plant is null ? "" : outcome.IsFound ? "yes" : outcome.IsLearnt ? "**no**" : "not learnt", outcome.Overlap is { } overlap ? Markdown.Number(overlap, "0.00") : "", outcome.FalseAlarms.Count.ToString(CultureInfo.InvariantCulture)];

    private static void Summarise(string name, AuditCase[] cases, AuditOutcome[] outcomes)
    {
        (AuditCase Case, AuditOutcome Outcome)[] run = [.. cases.Join(outcomes, one => one.Number, outcome => outcome.Number, (one, outcome) => (one, outcome))];
        if (run.Length == 0)
        {
            return;
        }

        AuditOutcome[] planted = [.. run.Where(pair => pair.Case.Plant is not null).Select(pair => pair.Outcome)];
        AuditOutcome[] learnt = [.. planted.Where(outcome => outcome.IsLearnt)];
        AuditOutcome[] clean = [.. run.Where(pair => pair.Case.Plant is null).Select(pair => pair.Outcome)];
        double[] overlaps = [.. learnt.Where(outcome => outcome.IsFound).Select(outcome => outcome.Overlap ?? 0)];
        string overlap = overlaps.Length == 0 ? "none" : $"{Markdown.Number(overlaps.Average(), "0.00")} in the mean, {overlaps.Count(value => value >= 0.5)} of {overlaps.Length} at 0.5 or more";
        Markdown.Text($"- {name}, {run.Length} of {cases.Length} networks: **{learnt.Count(outcome => outcome.IsFound)} of {learnt.Length} learnt shortcuts found** ({planted.Length - learnt.Length} of {planted.Length} plants were not learnt, {planted.Count(outcome => outcome.IsFound && !outcome.IsLearnt)} of these found); {clean.Count(outcome => outcome.FalseAlarms.Count > 0)} of {clean.Length} clean networks accused, {planted.Count(outcome => outcome.FalseAlarms.Count > 0)} of the {planted.Length} others accused of something else; IoU of found ones {overlap}.");
    }
}
