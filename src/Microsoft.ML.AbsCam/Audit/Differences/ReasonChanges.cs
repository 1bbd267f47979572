using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Differences;

/// <summary>Of pictures that keep their class: classes whose maps changed more than other classes' did, and whose heat came to lie on objects more or less.</summary>
internal sealed class ReasonChanges(IReadOnlyList<PicturePair> pairs, DiffOptions options)
{
    private const double LeastLikeness = 0.1;
    private const double LeastShare = 0.05;
    private const int LeastRows = 6;

    public IEnumerable<AuditFinding> Find(ICollection<string> tested)
    {
        PicturePair[] kept = [.. pairs.Where(pair => pair.HasReasons)];
        PicturePair[] told = [.. kept.Where(pair => double.IsFinite(pair.Likeness))];
        IGrouping<string, PicturePair>[] classes = [.. kept.GroupBy(pair => pair.First.Class).Where(group => group.Count() >= LeastRows).OrderBy(group => group.Key, StringComparer.Ordinal)];
        DiffFamily likeness = Likeness(told, classes);
        DiffFamily objects = Objects(classes);
        (var onObjects, var unlike) = (objects.Answers(LeastShare), likeness.Answers(LeastLikeness));
        int mapless = pairs.Count(pair => pair.KeepsClass && !pair.HasReasons);
        double[] all = [.. told.Select(pair => pair.Likeness).Order()];
        string distribution = all.Length == 0 ? "no pictures" : string.Create(CultureInfo.InvariantCulture, $"median {all[all.Length / 2]:0.00}, a tenth below {all[all.Length / 10]:0.00}; {all.Count(value => value < 0.5)} of {all.Length} below 0.5");
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Reasons: the correlation of a picture's two maps where the class is the same ({distribution}{(mapless > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {mapless} more have no map with heat in one of the two") : "")}). {likeness.Count} classes with {LeastRows} such pictures or more beside the others, by Wilcoxon's rank-sum test (Holm, level {options.Level}; a mean correlation lower by less than {LeastLikeness} is not told){likeness.Power}. {unlike.Count} found."));
        tested.Add(options.ObjectShareColumn is null
            ? "Objects: not tested, since nobody says where they are."
            : string.Create(CultureInfo.InvariantCulture, $"Objects: the share of the heat that lies on them in {objects.Count} classes with {LeastRows} such pictures or more, by Wilcoxon's signed-rank test (Holm, level {options.Level}; a mean change below {LeastShare} is not told){objects.Power}. {onObjects.Count} found."));
        return [.. onObjects, .. unlike];
    }

    private DiffFamily Likeness(PicturePair[] told, IGrouping<string, PicturePair>[] classes)
    {
        var family = new DiffFamily(AuditFindingKind.Reasons, options);
        foreach (IGrouping<string, PicturePair> c in classes)
        {
            PicturePair[] own = [.. told.Where(pair => pair.First.Class == c.Key).OrderBy(pair => pair.Likeness)];
            double[] others = [.. told.Where(pair => pair.First.Class != c.Key).Select(pair => pair.Likeness)];
            if (own.Length < LeastRows || others.Length < LeastRows)
            {
                continue;
            }

            double usual = others.Average();
            double[] below = [.. own.Select(pair => pair.Likeness - usual)];
            string sentence = string.Create(CultureInfo.InvariantCulture, $"the maps of '{c.Key}' changed more than other classes' did, though the class did not: the two maps of a picture correlate by {own.Average(pair => pair.Likeness):0.00}, those of other classes by {usual:0.00}.");
            double value = RankSum.Less([.. own.Select(pair => pair.Likeness)], others);

            // Of classes whose maps changed less, too: the correction is for all that could have been found.
            family.Ask(new Question(c.Key, sentence, new PairedEffect($"correlation of the two maps of a picture of '{c.Key}', beside other classes' mean", below, 0), value, own));
        }

        return family;
    }

    private DiffFamily Objects(IGrouping<string, PicturePair>[] classes)
    {
        var family = new DiffFamily(AuditFindingKind.Reasons, options);
        foreach (IGrouping<string, PicturePair> c in classes)
        {
            PicturePair[] known = [.. c.Where(pair => float.IsFinite(pair.First.OnObject) && float.IsFinite(pair.Second.OnObject))];
            if (known.Length < LeastRows)
            {
                continue;
            }

            double[] changes = [.. known.Select(pair => (double)pair.Second.OnObject - pair.First.OnObject)];
            double mean = changes.Average();
            string sentence = string.Create(CultureInfo.InvariantCulture, $"the heat of '{c.Key}' lies {(mean > 0 ? "more" : "less")} on the object: {known.Average(pair => pair.First.OnObject):P0} of it in the first, {known.Average(pair => pair.Second.OnObject):P0} in the second.");
            family.Ask(new Question(c.Key, sentence, new PairedEffect($"share of the heat of '{c.Key}' that lies on the object", changes, 0), SignedRank.TwoSided(changes), [.. known.OrderByDescending(pair => (pair.Second.OnObject - pair.First.OnObject) * mean)]));
        }

        return family;
    }
}
