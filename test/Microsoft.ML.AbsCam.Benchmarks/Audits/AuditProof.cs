using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>Runs the proof, a network after another; each outcome is kept as it comes, so that an interrupted run goes on where it stopped.</summary>
internal static class AuditProof
{
    // A file each, so that audits with and without objects can run side by side.
    private static readonly (bool KnowsObjects, string Name)[] Files = [(false, "outcomes.jsonl"), (true, "outcomes-objects.jsonl")];

    /// <param name="folder">Where networks and outcomes are kept.</param>
    /// <param name="cases">Which networks.</param>
    /// <param name="knowsObjects">Whether audits are told where objects are.</param>
    /// <param name="tells">Whether reports are printed whole; then all are audited anew.</param>
    /// <param name="onlyTrains">Whether networks are made and not audited.</param>
    public static void Run(string folder, IEnumerable<AuditCase> cases, bool knowsObjects, bool tells, bool onlyTrains)
    {
        string path = Path.Combine(folder, Files.Single(file => file.KnowsObjects == knowsObjects).Name);
        HashSet<int> known = tells || onlyTrains ? [] : [.. Read(folder).Where(outcome => outcome.KnowsObjects == knowsObjects).Select(outcome => outcome.Number)];
        foreach (AuditCase one in cases.Where(one => !known.Contains(one.Number)))
        {
            using var network = new AuditedNetwork(one, folder);
            double training = network.Make();
            if (onlyTrains)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Number}: {training:0} s"));
                continue;
            }

            (AuditOutcome outcome, AuditReport report) = network.Audit(knowsObjects);
            if (tells)
            {
                Console.WriteLine($"=== {one}\n{report}");
            }
            else
            {
                File.AppendAllText(path, JsonSerializer.Serialize(outcome) + "\n");
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Number,2} {one.Plant?.Kind.ToString() ?? "clean",-8}{one.Plant?.Share,5:P0}: accuracy {outcome.Accuracy:0.000}, reliance {outcome.Reliance:0.00}, {(outcome.IsFound ? "found" : "not found")}, overlap {outcome.Overlap:0.00}, {outcome.FalseAlarms.Count} false, {training:0} + {outcome.ExplainSeconds:0} + {outcome.AuditSeconds:0} s"));
        }
    }

    /// <summary>What is known so far.</summary>
    public static IReadOnlyList<AuditOutcome> Read(string folder)
    {
        string[] paths = [.. Files.Select(file => Path.Combine(folder, file.Name)).Where(File.Exists)];
        return [.. paths.SelectMany(File.ReadLines).Select(line => JsonSerializer.Deserialize<AuditOutcome>(line)!)];
    }
}
