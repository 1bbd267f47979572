using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Differences;

/// <summary>Which classes are given to more pictures or to fewer, which are known better or worse, and of which the network is surer or less so.</summary>
internal sealed class AnswerChanges(IReadOnlyList<PicturePair> pairs, DiffOptions options)
{
    // A class that is given to other pictures is surely another; one of which the network is a hundredth less sure need not be.
    private const double LeastSureness = 0.02;
    private const int LeastRows = 6;

    public IEnumerable<AuditFinding> Find(ICollection<string> tested)
    {
        int changed = pairs.Count(pair => !pair.KeepsClass);
        DiffFamily given = Given();
        DiffFamily known = Known();
        DiffFamily sure = Sure();
        (var better, var other, var surer) = (known.Answers(0), given.Answers(0), sure.Answers(LeastSureness));
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Answers: {changed} of {pairs.Count} pictures are given another class. {given.Count} classes that some became or ceased to be, by the exact sign test (Holm, level {options.Level}){given.Power}. {other.Count} found."));
        tested.Add(options.TruthColumn is null
            ? "Better or worse: not tested, since nobody says what the pictures show."
            : string.Create(CultureInfo.InvariantCulture, $"Better or worse: {known.Count} classes of which some pictures are right in one alone, by the exact sign test (Holm, level {options.Level}){known.Power}. {better.Count} found."));
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Certainty: the probability where both give the class, in {sure.Count} classes with {LeastRows} such pictures or more, by Wilcoxon's signed-rank test (Holm, level {options.Level}; a mean change below {LeastSureness} is not told){sure.Power}. {surer.Count} found."));
        return [.. better, .. other, .. surer];
    }

    private DiffFamily Given()
    {
        var family = new DiffFamily(AuditFindingKind.Answers, options);
        foreach (string c in pairs.Where(pair => !pair.KeepsClass).SelectMany(pair => (string[])[pair.First.Class, pair.Second.Class]).Distinct().Order(StringComparer.Ordinal))
        {
            PicturePair[] became = [.. pairs.Where(pair => pair.First.Class != c && pair.Second.Class == c)];
            PicturePair[] ceased = [.. pairs.Where(pair => pair.First.Class == c && pair.Second.Class != c)];
            double[] changes = [.. pairs.Select(pair => (pair.Second.Class == c ? 1.0 : 0) - (pair.First.Class == c ? 1 : 0))];
            string sentence = string.Create(CultureInfo.InvariantCulture, $"{became.Length} pictures became '{c}' and {ceased.Length} ceased to be it: {pairs.Count(pair => pair.First.Class == c)} are given it in the first, {pairs.Count(pair => pair.Second.Class == c)} in the second.");
            PicturePair[] shown = became.Length > ceased.Length ? became : ceased;
            family.Ask(new Question(c, sentence, new PairedEffect($"share of all pictures that are given '{c}'", changes, became.Length + ceased.Length), SignTest.TwoSided(became.Length, ceased.Length), [.. shown.OrderByDescending(pair => pair.Second.Probability)]));
        }

        return family;
    }

    private DiffFamily Known()
    {
        var family = new DiffFamily(AuditFindingKind.Answers, options);
        foreach (IGrouping<string, PicturePair> shown in pairs.Where(pair => pair.Right is not null).GroupBy(pair => pair.First.Truth).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            PicturePair[] better = [.. shown.Where(pair => pair.Right is (false, true))];
            PicturePair[] worse = [.. shown.Where(pair => pair.Right is (true, false))];
            if (better.Length + worse.Length == 0)
            {
                continue;
            }

            double[] changes = [.. shown.Select(pair => (pair.Right!.Value.Second ? 1.0 : 0) - (pair.Right.Value.First ? 1 : 0))];
            string sentence = string.Create(CultureInfo.InvariantCulture, $"'{shown.Key}' is known {(better.Length > worse.Length ? "better" : "worse")}: {shown.Count(pair => pair.Right!.Value.First)} of its {shown.Count()} pictures are right in the first, {shown.Count(pair => pair.Right!.Value.Second)} in the second.");
            family.Ask(new Question(shown.Key, sentence, new PairedEffect($"share of the pictures of '{shown.Key}' that are right", changes, better.Length + worse.Length), SignTest.TwoSided(better.Length, worse.Length), better.Length > worse.Length ? better : worse));
        }

        return family;
    }

    private DiffFamily Sure()
    {
        var family = new DiffFamily(AuditFindingKind.Answers, options);
        foreach (IGrouping<string, PicturePair> kept in pairs.Where(pair => pair.KeepsClass).GroupBy(pair => pair.First.Class).Where(group => group.Count() >= LeastRows).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            double[] changes = [.. kept.Select(pair => (double)pair.Second.Probability - pair.First.Probability)];
            double mean = changes.Average();
            string sentence = string.Create(CultureInfo.InvariantCulture, $"the second is {(mean > 0 ? "surer" : "less sure")} of '{kept.Key}' where both give it: {kept.Average(pair => pair.First.Probability):0.00} in the first, {kept.Average(pair => pair.Second.Probability):0.00} in the second.");
            family.Ask(new Question(kept.Key, sentence, new PairedEffect($"probability of '{kept.Key}'", changes, 0), SignedRank.TwoSided(changes), [.. kept.OrderByDescending(pair => (pair.Second.Probability - pair.First.Probability) * mean)]));
        }

        return family;
    }
}
