using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Confusions;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Experiments;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Audit.Places;
using Microsoft.ML.AbsCam.Audit.Statistics;
using Microsoft.ML.AbsCam.Audit.Strategies;

namespace Microsoft.ML.AbsCam.Audit;

/// <summary>Goes through an audit: evidence, suspicions, experiments, findings.</summary>
/// <param name="source">The explained rows.</param>
/// <param name="scorer">What scores pictures.</param>
/// <param name="contrasts">What draws confusions.</param>
/// <param name="options">How much is tried.</param>
internal sealed class Auditor(EvidenceSource source, ImageScorer scorer, ContrastPictures contrasts, AuditOptions options)
{
    private readonly Random _random = new(options.Seed);
    private readonly List<string> _tested = [];

    /// <exception cref="ArgumentException">There is no row that can be used.</exception>
    public AuditReport Run()
    {
        EvidenceTable table = source.ReadAll(scorer);
        if (table.Rows.Count == 0)
        {
            string reasons = string.Join("; ", table.Unused.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} rows: {pair.Key}")));
            throw new ArgumentException(reasons.Length == 0 ? "The data has no rows, so there is nothing to audit." : $"No row can be audited ({reasons}).");
        }

        if (source.HasTruth && table.Rows.All(row => row.Truth < 0))
        {
            throw new ArgumentException($"The column '{options.TruthColumn}' is to say what pictures show, and no value of it is a class of the network. Give indices, or names that are among the labels.");
        }

        var bench = new Bench(
            table, source, new PicturePool(table, source, 2 * options.Trials, _random), new Laboratory(scorer, source.Frame, options.Trials, _random), scorer, _random, options.Trials);
        TriedSuspicion[] candidates = [.. Places(bench), .. Surroundings(bench)];
        return new AuditReport(table.Rows.Count, table.Unused, [.. Judged(bench, candidates), .. Strategies(table), .. Confusions(table)], _tested);
    }

    private IReadOnlyList<AuditFinding> Confusions(EvidenceTable table)
    {
        if (source.HasTruth)
        {
            return [.. new ConfusionCells(table, options.Level).Find(_tested)
                .Select(cell => cell.Finding with { Pictures = contrasts.Of(table, cell.Rows, cell.Truth, cell.Finding.ClassIndex) })];
        }

        _tested.Add("Confusions: not looked for, since nobody says what the pictures show.");
        return [];
    }

    private IReadOnlyList<AuditFinding> Strategies(EvidenceTable table)
    {
        if (source.HasFeatures)
        {
            return new ClassStrategies(table, options.Level, options.Seed).Find(_tested);
        }

        _tested.Add("Strategies: not looked for, since no column tells what lies under the heat.");
        return [];
    }

    private IReadOnlyList<TriedSuspicion> Places(Bench bench)
    {
        if (FixedPlaces.Of(bench.Table, options.Seed, options.Level) is not { } places)
        {
            _tested.Add(string.Create(CultureInfo.InvariantCulture, $"Fixed places: not tested, since fewer than two classes have {FixedPlaces.LeastRows} rows or more."));
            return [];
        }

        IReadOnlyList<PlaceSuspect> suspects = places.Suspects();
        (double most, double fewest) = places.LeastShares;
        _tested.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"Fixed places: {places.Tested.Length} classes and {bench.Table.MapHeight} x {bench.Table.MapWidth} places of the map by a permutation test of the greatest distance (999 permutations, level {options.Level}); {suspects.Count} found. Heat that lies at one place in {most:P0} of the pictures of the largest class, or in {fewest:P0} of the smallest's, would be found four times out of five."));
        return new PlaceExperiments(bench).Try([.. suspects.Take(options.MostSuspects)]);
    }

    private IReadOnlyList<TriedSuspicion> Surroundings(Bench bench) => Screens.Of(bench) is { } screens
        ? [.. new ObjectExperiments(bench, options.Level).Try(screens, _tested), .. new SurroundingsExperiments(bench, options.Level).Try(screens, _tested), .. new GroundExperiments(bench, options.Level).Try(screens, _tested), .. new FewPictures(bench).Try(screens, _tested), .. new PatchExperiments(bench, options.Level).Try(screens.Patches, _tested)]
        : [];

    private IEnumerable<AuditFinding> Judged(Bench bench, TriedSuspicion[] candidates)
    {
        double[] corrected = Holm.Adjust([.. candidates.SelectMany(candidate => candidate.Trials).Select(trial => trial.PValue)]);
        List<JudgedSuspicion> verdicts = [];
        int next = 0;
        foreach (TriedSuspicion candidate in candidates)
        {
            double[] values = corrected[next..(next += candidate.Trials.Count)];
            verdicts.Add(new JudgedSuspicion(candidate, values, candidate.IsConfirmed(values, options.Level)));
        }

        JudgedSuspicion[] shortcuts = [.. verdicts.Where(verdict => verdict.Tried.IsAccusation && verdict.IsConfirmed)];

        // The same thing may be found on several roads; what is said in general is left out where something in particular is found of the same class: a mark in a corner lies beside the object and along the rim, too.
        shortcuts = [.. shortcuts.Where((verdict, place) => !shortcuts.Any(other => other.Tried.Says(verdict.Tried)) && !shortcuts.Take(place).Any(earlier => verdict.Tried.Repeats(earlier.Tried)))];
        JudgedSuspicion[] places = [.. verdicts.Where(verdict => verdict.Tried.IsPlace && !shortcuts.Any(other => other.Tried.Class == verdict.Tried.Class))];
        _tested.Add(string.Create(CultureInfo.InvariantCulture, $"Experiments: {candidates.Sum(candidate => candidate.Trials.Count)} on {candidates.Length} suspicions, up to {options.Trials} pictures each, Wilcoxon's signed-rank test corrected by Holm at level {options.Level}; a change of the probability by {TriedSuspicion.LeastExcess} ({TriedSuspicion.LeastOfOneLook} of things of one look) beyond the controls' counts, where these change it by {TriedSuspicion.MostControl} at most. {shortcuts.Length} confirmed as shortcuts. {scorer.Scored} pictures were scored."));
        return [.. Told(bench, shortcuts, AuditFindingKind.Shortcut, corrected.Length), .. Told(bench, places, AuditFindingKind.FixedPlace, corrected.Length)];
    }

    private IEnumerable<AuditFinding> Told(Bench bench, IEnumerable<JudgedSuspicion> verdicts, AuditFindingKind kind, int tests)
    {
        foreach ((TriedSuspicion candidate, double[] values, _) in verdicts.OrderByDescending(verdict => verdict.Tried.Rank).ThenByDescending(verdict => verdict.Tried.Trials.Max(trial => trial.Excess)))
        {
            string name = bench.Table.NameOf(candidate.Class);
            string sentence = kind == AuditFindingKind.Shortcut
                ? $"pictures become '{name}' by {candidate.Thing}: {candidate.Suspicion}"
                : $"the network looks at {candidate.Thing} for '{name}': {candidate.Suspicion}";
            yield return new AuditFinding(kind, candidate.Class, name, sentence, candidate.SuspicionValue)
            {
                Effects = [.. candidate.Trials.Zip(values, (trial, value) => trial.ToEffect(value, options.Level / Math.Max(1, tests), options.Seed))],
                Rows = [.. candidate.Rows.Select(row => row.Position)],
                RowNames = [.. candidate.Rows.Select(row => row.Caption)],
                Region = candidate.Region is { } region ? new AuditRegion(bench.Frame.Height, bench.Frame.Width, region) : null,
                RowRegions = [.. candidate.RowRegions.Select(pixels => new AuditRegion(bench.Frame.Height, bench.Frame.Width, pixels))],
                Pictures = candidate.Pictures(),
            };
        }
    }

    private sealed record JudgedSuspicion(TriedSuspicion Tried, double[] Values, bool IsConfirmed);
}
