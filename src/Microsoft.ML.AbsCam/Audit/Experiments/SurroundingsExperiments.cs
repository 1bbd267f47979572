using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>Tries whether a cast of colour, the rim of a picture, or what is left without the object makes a class.</summary>
/// <param name="bench">What to work with.</param>
/// <param name="level">The probability of a false suspicion among all classes, each kind by itself.</param>
internal sealed class SurroundingsExperiments(Bench bench, double level)
{
    // A donor that raises a class by less is not counted.
    private const double Strong = 0.25;

    // A weaker effect counts of colours, which objects hardly move, and of rims that hold a thing of one look: objects reach into rims, and their parts raise their class a little.
    private const double Weak = 0.1;

    private const string Raise = "raise it in others by";
    private const double MostByChance = 0.01;

    public IReadOnlyList<TriedSuspicion> Try(Screens screens, ICollection<string> tested)
    {
        DonorSuspect[] casts = [.. DonorSuspect.Of(screens, screens.ByColour, Weak, level)];
        DonorSuspect[] rims = [.. DonorSuspect.Of(screens, screens.ByRim, Strong, level).Where(suspect => RimLook.AlikeByChance(suspect.Donors, screens.RimLooks, bench.Random) <= MostByChance)];
        DonorSuspect[] weak = [.. DonorSuspect.Of(screens, screens.ByRim, Weak, level).Where(suspect => !rims.Any(strong => strong.Class == suspect.Class))];
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Casts of colour and surroundings: the colours and the rims of {screens.Donors.Length} pictures were given to others; a class is suspected where more of its own pictures raise it by {Strong} ({Weak} by colours), and by more than {1 - DonorSuspect.MostElsewhere:P0} of other classes' do, (Fisher's exact test, Holm, level {level / DonorSuspect.Strictness}), {DonorSuspect.LeastRatio} times as often; and of rims where these are of one look, or by {Weak} where they hold a thing of one look. {casts.Length} and {rims.Length + weak.Length} suspected."));
        return ((TriedSuspicion?[])[.. casts.Select(suspect => Cast(screens, suspect)), .. rims.SelectMany(suspect => Rim(screens, suspect, mustBeThing: false)), .. weak.SelectMany(suspect => Rim(screens, suspect, mustBeThing: true))]).OfType<TriedSuspicion>().ToArray();
    }

    private TriedSuspicion? Cast(Screens screens, DonorSuspect suspect)
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
        return new TriedSuspicion(suspect.Class, suspect.Text("colours", Raise), "a cast of colour over the whole picture", IsAccusation: true, suspect.PValue, [trial])
        {
            Rows = own,
            Region = [.. Enumerable.Repeat(true, bench.Frame.Pixels)],
            Rank = 3,
            Pictures = () => BeforeAndAfter.Drawn(bench, suspect.Class, [.. Enumerable.Range(0, Math.Min(4, hosts.Count)).Select(i => ($"with the colours of {own[i % own.Length].Caption}", hosts[i].Row.Position, hosts[i].Picture.Input, after(i)))]),
        };
    }

    private IEnumerable<TriedSuspicion> Rim(Screens screens, DonorSuspect suspect, bool mustBeThing)
    {
        EvidenceRow[] own = [.. suspect.Donors.Select(donor => screens.Donors[donor])];
        IReadOnlyList<KnownPicture> pictures = bench.PicturesOf(bench.Some(own, bench.Trials));
        IReadOnlyList<KnownPicture> hosts = bench.Pool.Besides(suspect.Class);
        if (hosts.Count < 2 || pictures.Count == 0)
        {
            yield break;
        }

        string text = suspect.Text("rims", Raise);
        if (RimThing.Of(bench, suspect.Class, text, suspect.PValue, own, pictures) is { } thing)
        {
            yield return thing;
        }

        if (!mustBeThing)
        {
            yield return RimThing.Tried(bench, suspect.Class, (text, suspect.PValue), own, pictures, hosts, ("what surrounds the object, of one look along the rim", bench.Frame.Rim(), Rank: 0));
        }
    }
}
