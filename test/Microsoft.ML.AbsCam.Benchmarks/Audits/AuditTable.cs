using System.Globalization;

namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>
/// What audits find of what was planted: small networks on drawn scenes, of which most learnt with a plant in a share of one class's pictures. Thresholds of the
/// audit were set on the networks of even numbers; the others were not looked at.
/// </summary>
internal static class AuditTable
{
    private const int Lessons = 3600;
    private const int Exam = 1200;
    private const int Epochs = 8;
    private const int FirstSeed = 4_000_000;

    // A plant that raises its class by less was not learnt: the network has nothing to be found.
    private const double LeastReliance = 0.1;

    private static readonly double[] Shares = [0.5, 0.02, 0.25, 0.1, 0.05];

    /// <param name="numbers">Which networks, from 0; every third is clean.</param>
    /// <param name="knowsObjects">Whether the audit is told where objects are.</param>
    /// <param name="tells">Whether reports are printed whole.</param>
    /// <param name="folder">Where trained networks are kept; null for nowhere.</param>
    public static void Print(IReadOnlyList<int> numbers, bool knowsObjects, bool tells, string? folder)
    {
        DrawnScene[] lessons = DrawnScene.Draw(FirstSeed, Lessons);
        DrawnScene[] exam = DrawnScene.Draw(FirstSeed + Lessons, Exam);
        Markdown.Heading(knowsObjects ? "Audits that know where objects are" : "Audits");
        Markdown.Header("network", "planted", "share", "half", "accuracy", "reliance", "found", "false alarms", "IoU", "training s", "explaining s", "audit s");
        List<(int Number, AuditedNetwork.Outcome Outcome)> all = [];
        foreach (int number in numbers)
        {
            AuditedNetwork.Outcome outcome = AuditedNetwork.Run(lessons, exam, PlantOf(number), Epochs, 100 + number, knowsObjects, folder);
            all.Add((number, outcome));
            Markdown.Row(
                number.ToString(CultureInfo.InvariantCulture),
                outcome.Plant is { } plant ? $"{plant.Kind} in {DrawnScene.Names[plant.Class]}" : "clean",
                outcome.Plant is null ? "" : Markdown.Number(outcome.Plant.Share, "0%"),
                number % 2 == 0 ? "set" : "reported",
                Markdown.Number(outcome.Accuracy, "0.000"),
                Markdown.Number(outcome.Reliance, "0.00"),
                outcome.Plant is null ? "" : outcome.Found ? "yes" : "no",
                outcome.FalseAlarms.ToString(CultureInfo.InvariantCulture),
                outcome.Found ? Markdown.Number(outcome.Overlap, "0.00") : "",
                Markdown.Number(outcome.TrainingSeconds, "0"),
                Markdown.Number(outcome.ExplainSeconds, "0"),
                Markdown.Number(outcome.AuditSeconds, "0"));
            if (tells)
            {
                Console.WriteLine(outcome.Report);
            }
        }

        Summarise("the half that thresholds were set on", [.. all.Where(one => one.Number % 2 == 0).Select(one => one.Outcome)]);
        Summarise("the other half", [.. all.Where(one => one.Number % 2 == 1).Select(one => one.Outcome)]);
    }

    private static void Summarise(string name, AuditedNetwork.Outcome[] half)
    {
        AuditedNetwork.Outcome[] planted = [.. half.Where(one => one.Plant is not null)];
        AuditedNetwork.Outcome[] learnt = [.. planted.Where(one => one.Reliance >= LeastReliance)];
        AuditedNetwork.Outcome[] clean = [.. half.Where(one => one.Plant is null)];
        AuditedNetwork.Outcome[] found = [.. planted.Where(one => one.Found)];
        string overlap = found.Length == 0 ? "none" : Markdown.Number(found.Average(one => one.Overlap), "0.00");
        Markdown.Text($"\n{name}: {learnt.Count(one => one.Found)} of {learnt.Length} learnt shortcuts found ({found.Length} of {planted.Length} planted); {clean.Count(one => one.FalseAlarms > 0)} of {clean.Length} clean networks accused, {planted.Sum(one => one.FalseAlarms)} other classes of the {planted.Length} planted ones; mean IoU {overlap}.");
    }

    private static Plant? PlantOf(int number)
    {
        // Kinds and shares go their rounds at different lengths, so that they meet in all combinations.
        PlantKind[] kinds = Enum.GetValues<PlantKind>();
        int planted = number / 3 * 2 + (number % 3);
        return number % 3 == 2 ? null : new Plant(kinds[planted % kinds.Length], number % DrawnScene.Classes, Shares[planted % Shares.Length], 1000 + number);
    }
}
