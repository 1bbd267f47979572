using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Audit.Places;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>Where it is known where objects are: which classes does the network still see when their objects are gone, and does what is left make the class elsewhere?</summary>
/// <param name="bench">What to work with.</param>
/// <param name="level">The probability of a false suspicion among all classes.</param>
internal sealed class ObjectExperiments(Bench bench, double level)
{
    // A class that is still this probable without its object is still seen.
    private const double StillSeen = 0.5;
    private const int LeastPictures = 3;

    // Of nothing a network says some class, too: a picture counts that is surer of its class than nearly all of other classes are, and so many times as often.
    private const double MostElsewhere = 0.03;
    private const double LeastRatio = 4;

    // What is hot in fewer of the pictures is no part of the common region.
    private const double CommonShare = 0.5;

    // Where what is not hot does more than this share of what all beside the object does, what is hot is a part of the thing.
    private const double LittleOfEffect = 0.3;

    public IReadOnlyList<TriedSuspicion> Try(Screens screens, ICollection<string> tested)
    {
        int[] known = [.. Enumerable.Range(0, screens.Donors.Length).Where(donor => screens.WithoutObject[donor] is not null)];
        if (known.Length == 0)
        {
            return [];
        }

        int[] classes = [.. known.Select(donor => screens.Donors[donor].Class).Distinct().Order()];
        (int Class, int[] Own, int All, int Elsewhere, double PValue)[] all = [.. classes.Select(c => Seen(screens, known, c))];
        double[] corrected = Holm.Adjust([.. all.Select(one => one.PValue)]);
        List<TriedSuspicion> candidates = [];
        foreach (((int c, int[] own, int count, int elsewhere, _), double value) in all.Zip(corrected).Where(pair => pair.Second <= level && pair.First.Own.Length >= LeastPictures))
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{own.Length} of {count} of its pictures that were tried are still seen as it (probability above {StillSeen}, and above that of nearly all others) with the object filled from its surroundings, and {elsewhere} of {known.Length - count} pictures of other classes are.");
            candidates.AddRange(Tried(c, [.. own.Select(donor => screens.Donors[donor])], text, value));
        }

        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Beside the object: the objects of {known.Length} pictures of {classes.Length} classes were filled from their surroundings; a class is suspected where more of its pictures are still seen as it than of others (Fisher's exact test, Holm, level {level}). {candidates.Count} suspected."));
        return candidates;
    }

    private static (int Class, int[] Own, int All, int Elsewhere, double PValue) Seen(Screens screens, int[] known, int c)
    {
        double[] elsewhere = [.. known.Where(donor => screens.Donors[donor].Class != c).Select(donor => (double)screens.WithoutObject[donor]![c]).Order()];
        double needed = elsewhere.Length == 0 ? StillSeen : Math.Max(StillSeen, elsewhere[(int)((1 - MostElsewhere) * (elsewhere.Length - 1))]);
        int[] seen = [.. known.Where(donor => screens.WithoutObject[donor]![c] > needed)];
        int[] own = [.. seen.Where(donor => screens.Donors[donor].Class == c)];
        int all = known.Count(donor => screens.Donors[donor].Class == c);
        int others = seen.Length - own.Length;
        bool isFarAbove = own.Length / (double)all >= LeastRatio * (others + 1) / (elsewhere.Length + 1.0);
        return (c, own, all, others, isFarAbove ? Fisher.Greater(own.Length, all, seen.Length, known.Length) : 1);
    }

    private IEnumerable<TriedSuspicion> Tried(int c, EvidenceRow[] own, string suspicion, double value)
    {
        KnownPicture[] pictures = [.. bench.PicturesOf(bench.Some(own, bench.Trials)).Where(picture => picture.Object is not null)];
        KnownPicture[] hosts = [.. bench.Pool.Besides(c).Where(picture => picture.Object is not null)];
        if (pictures.Length == 0 || hosts.Length < 2)
        {
            yield break;
        }

        TrialResult trial = bench.Laboratory.PutBehind(
            "put behind the objects of other classes' pictures, its own object filled (control: what lies beside other classes' objects)",
            c,
            [.. pictures.Select(bench.WithoutObject)], [.. hosts.Select(host => new Subject(host.Position, host.Input, [.. host.Object!.Select(isObject => !isObject)]))], [.. hosts.Select(bench.WithoutObject)]);
        yield return new TriedSuspicion(c, suspicion, "what lies beside the object", IsAccusation: true, value, [trial])
        {
            Rows = own,
            Region = Region(c, own, pictures, hosts, trial),
            Rank = 2,
            Pictures = () => BeforeAndAfter.Drawn(bench, c, [.. pictures.Take(4).Select(picture => ("without its object", picture.Position, picture.Input, bench.WithoutObject(picture)))]),
        };
        if (RimThing.Of(bench, c, suspicion, value, own, pictures) is { } thing)
        {
            yield return thing;
        }
    }

    /// <summary>The pixels beside the object that are hot in most of the pictures, where the others beside it do little; else those beside the object in most.</summary>
    private bool[] Region(int c, EvidenceRow[] rows, KnownPicture[] pictures, KnownPicture[] hosts, TrialResult all)
    {
        Dictionary<long, EvidenceRow> byPosition = rows.ToDictionary(row => row.Position);
        bool[][] beside = [.. pictures.Select(picture => Array.ConvertAll(picture.Object!, isObject => !isObject))];
        bool[] hot = Common([.. pictures.Zip(beside, (picture, free) => Both(HotOf(byPosition[picture.Position]), free))]);
        bool[] cold = Array.ConvertAll(hot, isHot => !isHot);
        return hot.Contains(true) && bench.Laboratory.Transplant(c, [.. pictures.Zip(beside, (picture, free) => new Subject(picture.Position, bench.WithoutObject(picture), Both(cold, free)))], hosts, withRandom: false).Excess <= LittleOfEffect * all.Excess
            ? hot
            : Common(beside);
    }

    private static bool[] Both(bool[] a, bool[] b) => [.. a.Zip(b, (first, second) => first && second)];

    private bool[] HotOf(EvidenceRow row) => bench.Frame.PixelsOf([.. row.Heat.Select(heat => heat >= HotCells.Threshold)], bench.Table.MapHeight, bench.Table.MapWidth);

    private static bool[] Common(bool[][] sets) => [.. Enumerable.Range(0, sets[0].Length).Select(i => sets.Count(set => set[i]) >= CommonShare * sets.Length)];
}
