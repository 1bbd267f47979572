using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Audit.Places;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>Tries whether a cast of colour, the rim of a picture, or what is left without the object makes a class.</summary>
/// <param name="bench">What to work with.</param>
/// <param name="level">The probability of a false suspicion among all classes, each kind by itself.</param>
internal sealed class SurroundingsExperiments(Bench bench, double level)
{
    // A donor that raises a class by less is not counted.
    private const double Strong = 0.25;

    // A weaker effect counts only of rims that hold a thing of one look: objects reach into rims, and their parts raise their class a little.
    private const double Weak = 0.1;

    // Where what is done raises a class by itself, as an odd picture may, a donor has to do more than nearly all of other classes do.
    private const double MostElsewhere = 0.03;
    private const int LeastDonors = 3;

    // Objects reach into the rim now and then, and a class of red things has a redder one: only what its pictures do this many times as often counts.
    private const double LeastRatio = 4;
    private const double MostByChance = 0.01;

    // What raises the suspicion chooses the pictures of the experiment too, so the experiment is no second guard against chance.
    private const int Strictness = 5;

    public IReadOnlyList<TriedSuspicion> Try(Screens screens, ICollection<string> tested)
    {
        int[] classes = [.. screens.Donors.Select(donor => donor.Class).Distinct().Order()];
        Suspect[] casts = [.. Suspects(screens, classes, screens.ByColour, Strong)];
        Suspect[] rims = [.. Suspects(screens, classes, screens.ByRim, Strong).Where(suspect => RimLook.AlikeByChance(suspect.Donors, screens.RimLooks, bench.Random) <= MostByChance)];
        Suspect[] weak = [.. Suspects(screens, classes, screens.ByRim, Weak).Where(suspect => !rims.Any(strong => strong.Class == suspect.Class))];
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Casts of colour and surroundings: the colours and the rims of {screens.Donors.Length} pictures of {classes.Length} classes were given to others; a class is suspected where more of its own pictures raise it by {Strong}, and by more than {1 - MostElsewhere:P0} of other classes' do, (Fisher's exact test, Holm, level {level / Strictness}), {LeastRatio} times as often; and of rims where these are of one look, or by {Weak} where they hold a thing of one look. {casts.Length} and {rims.Length + weak.Length} suspected."));
        return ((TriedSuspicion?[])[.. casts.Select(suspect => Cast(screens, suspect)), .. rims.SelectMany(suspect => Rim(screens, suspect, mustBeThing: false)), .. weak.SelectMany(suspect => Rim(screens, suspect, mustBeThing: true))]).OfType<TriedSuspicion>().ToArray();
    }

    private IEnumerable<Suspect> Suspects(Screens screens, int[] classes, float[][] effects, double least)
    {
        Suspect[] all = [.. classes.Select(c => SuspectOf(screens, c, effects, least))];
        double[] corrected = Holm.Adjust([.. all.Select(suspect => suspect.PValue)]);
        return all.Zip(corrected, (suspect, value) => suspect with { PValue = value }).Where(suspect => suspect.PValue <= level / Strictness && suspect.Donors.Length >= LeastDonors && suspect.IsFarAbove(LeastRatio));
    }

    private static Suspect SuspectOf(Screens screens, int c, float[][] effects, double least)
    {
        double[] elsewhere = [.. Enumerable.Range(0, effects.Length).Where(donor => screens.Donors[donor].Class != c).Select(donor => (double)effects[donor][c]).Order()];
        double needed = elsewhere.Length == 0 ? least : Math.Max(least, elsewhere[(int)((1 - MostElsewhere) * (elsewhere.Length - 1))]);
        int[] strong = [.. Enumerable.Range(0, effects.Length).Where(donor => effects[donor][c] >= needed)];
        int[] own = [.. strong.Where(donor => screens.Donors[donor].Class == c)];
        int all = screens.Donors.Count(donor => donor.Class == c);
        return new Suspect(c, needed, own, all, strong.Length - own.Length, screens.Donors.Length - all, Fisher.Greater(own.Length, all, strong.Length, screens.Donors.Length));
    }

    private TriedSuspicion? Cast(Screens screens, Suspect suspect)
    {
        EvidenceRow[] own = [.. suspect.Donors.Select(donor => screens.Donors[donor])];
        EvidenceRow[] others = bench.Some(screens.Donors.Where(donor => donor.Class != suspect.Class), bench.Trials);
        IReadOnlyList<(EvidenceRow Row, KnownPicture Picture)> hosts = bench.Pool.RowsBesides(suspect.Class);
        if (hosts.Count < 2 || others.Length == 0)
        {
            return null;
        }

        TrialResult trial = bench.Laboratory.Recolour(suspect.Class, own, hosts, others);
        float[] after(int i) => bench.Laboratory.Recoloured(hosts[i].Picture.Input, hosts[i].Row.RimColours, own[i % own.Length].RimColours);
        return new TriedSuspicion(suspect.Class, Text(suspect, "colours"), "a cast of colour over the whole picture", IsAccusation: true, suspect.PValue, [trial])
        {
            Rows = own,
            Region = [.. Enumerable.Repeat(true, bench.Frame.Pixels)],
            Rank = 3,
            Pictures = () => BeforeAndAfter.Drawn(bench, suspect.Class, [.. Enumerable.Range(0, Math.Min(4, hosts.Count)).Select(i => ($"with the colours of {own[i % own.Length].Caption}", hosts[i].Row.Position, hosts[i].Picture.Input, after(i)))]),
        };
    }

    private IEnumerable<TriedSuspicion> Rim(Screens screens, Suspect suspect, bool mustBeThing)
    {
        EvidenceRow[] own = [.. suspect.Donors.Select(donor => screens.Donors[donor])];
        bool[] rim = bench.Frame.Rim();
        Subject[] subjects = [.. bench.PicturesOf(bench.Some(own, bench.Trials)).Select(picture => new Subject(picture.Position, picture.Input, rim))];
        IReadOnlyList<KnownPicture> hosts = bench.Pool.Besides(suspect.Class);
        if (hosts.Count < 2 || subjects.Length == 0)
        {
            yield break;
        }

        TriedSuspicion tried(string thing, bool[] region, int rank)
        {
            Subject[] parts = [.. subjects.Select(subject => subject with { Region = region })];
            return new TriedSuspicion(suspect.Class, Text(suspect, "rims"), thing, IsAccusation: true, suspect.PValue, [bench.Laboratory.Transplant(suspect.Class, parts, hosts, withRandom: false), bench.Laboratory.Fill(suspect.Class, parts)])
            {
                Rows = own,
                Region = region,
                Rank = rank,
                Pictures = () => BeforeAndAfter.Of(bench, suspect.Class, parts, hosts),
            };
        }

        // A border, or a mark that lies in the rim, is told from a ground that goes on behind the object by its own pixels, and tried by itself.
        if (ConstantLook.Of([.. subjects.Select(subject => subject.Picture)], [.. hosts.Select(host => host.Input)], rim, bench.Frame, bench.Random) is { IsTelling: true } look)
        {
            yield return tried(look.Words(bench.Frame), look.Pixels, rank: 3);
        }

        if (!mustBeThing)
        {
            yield return tried("what surrounds the object, of one look along the rim", rim, rank: 1);
        }
    }

    private static string Text(Suspect suspect, string what) => string.Create(
        CultureInfo.InvariantCulture,
        $"the {what} of {suspect.Donors.Length} of {suspect.All} of its pictures that were tried raise it in others by {suspect.Needed:0.00} or more, and those of {suspect.Elsewhere} of {suspect.AllElsewhere} pictures of other classes.");

    /// <summary>A class whose own pictures do something to others.</summary>
    private sealed record Suspect(int Class, double Needed, int[] Donors, int All, int Elsewhere, int AllElsewhere, double PValue)
    {
        /// <summary>Whether its pictures do it so many times as often as others; one more of the others is counted, since none may be chance.</summary>
        public bool IsFarAbove(double ratio) => Donors.Length / (double)All >= ratio * (Elsewhere + 1) / (AllElsewhere + 1.0);
    }
}
