using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>
/// Tries what lies in so few pictures that counting them proves nothing: an experiment's strength lies in the number of pictures that something is put into, and not of those that have
/// it. A few pictures of one class are suspected that do to others what no other picture comes near; each is tried by itself, and those that make the class are tried once
/// more together, on pictures that had no part in choosing them.
/// </summary>
/// <param name="bench">What to work with.</param>
internal sealed class FewPictures(Bench bench)
{
    // So few pictures say something of the network only if what they have decides the class of most others: rare grounds do of some.
    private const double LeastRise = 0.5;
    private const int Single = 24;

    /// <summary>A picture with something of another one.</summary>
    /// <param name="host">The picture.</param>
    /// <param name="donor">Whose something is put into it.</param>
    /// <param name="turn">Which of several ways.</param>
    private delegate float[] Treatment((EvidenceRow Row, KnownPicture Picture) host, (EvidenceRow Row, KnownPicture Picture) donor, int turn);

    public IReadOnlyList<TriedSuspicion> Try(Screens screens, ICollection<string> tested)
    {
        DonorEffect[] ways =
        [
            new("the corners", "are seen as it by themselves, three of them at least, with", "what lies in all corners of its pictures, which is their ground unless the object fills them", "a corner of it spread behind what other pictures are recognised by", 1, screens.ByGround, Behind),
            new("the colours", "raise it in others by", "a cast of colour over the whole picture", "its colours along the rim given to other pictures", 3, screens.ByColour, Recoloured),
            new("what is left without the objects", "is seen as it with", "what lies beside the object", "put behind the objects of other pictures, its own object filled", 2, screens.WithoutObject, Beside),
        ];
        (DonorEffect Way, FewDonors Few)[] suspects = [.. ways.SelectMany(way => FewDonors.Of(screens.Donors, way.Effects).Select(few => (way, few)))];
        TriedSuspicion[] found = [.. suspects.SelectMany(suspect => Tried(screens, suspect.Way, suspect.Few))];
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Things in few pictures: {FewDonors.LeastCount} to {FewDonors.MostCount} pictures of one class whose colours, corners, or, where objects are known, whose rest do more to others than those of any other of {screens.Donors.Length} pictures, by {FewDonors.LeastGap} of probability at least. {suspects.Length} such groups, in {found.Select(one => one.Class).Distinct().Count()} classes with pictures that raise it by {LeastRise} or more in half of {Single} others, each by itself."));
        return found;
    }

    private IEnumerable<TriedSuspicion> Tried(Screens screens, DonorEffect way, FewDonors few)
    {
        (EvidenceRow Row, KnownPicture Picture)[] hosts = [.. bench.Pool.RowsBesides(few.Class).Skip(Screens.Hosts)];
        if (hosts.Length < 4)
        {
            yield break;
        }

        int single = Math.Min(Single, hosts.Length / 2);
        (EvidenceRow Row, KnownPicture Picture)[] strong = [.. Pictures(few.Donors.Select(donor => screens.Donors[donor])).Where(donor => Rise(few.Class, hosts[..single], donor, way) >= LeastRise)];
        (EvidenceRow Row, KnownPicture Picture)[] same = Pictures(bench.Some(screens.Donors.Where((row, donor) => row.Class == few.Class && !few.Donors.Contains(donor)), bench.Trials));
        (EvidenceRow Row, KnownPicture Picture)[] others = Pictures(bench.Some(screens.Donors.Where(row => row.Class != few.Class), bench.Trials));
        if (strong.Length < FewDonors.LeastCount || same.Length == 0 || others.Length == 0)
        {
            yield break;
        }

        (EvidenceRow Row, KnownPicture Picture)[] rest = hosts[single..];
        TrialResult trial = bench.Laboratory.Try(
            $"{way.Done} (controls: the same of pictures of other classes; of other pictures of the class)", few.Class, [.. rest.Select(host => host.Picture.Input)],
            i => way.Treat(rest[i], strong[i % strong.Length], i), i => way.Treat(rest[i], others[i % others.Length], i), i => way.Treat(rest[i], same[i % same.Length], i));
        string text = string.Create(CultureInfo.InvariantCulture, $"{way.Whose} of {few.Donors.Length} of {few.All} of its pictures that were tried {way.What} {few.Least:0.00} or more, and those of no other picture with more than {few.Next:0.00}; {strong.Length} of them make it of others, each by itself.");
        EvidenceRow[] own = [.. strong.Select(donor => donor.Row)];
        yield return new TriedSuspicion(few.Class, text, way.Thing, IsAccusation: true, few.PValue, [trial])
        {
            Rows = own,
            Region = [.. Enumerable.Repeat(true, bench.Frame.Pixels)],
            Rank = way.Rank,
            Pictures = () => BeforeAndAfter.Drawn(bench, few.Class, [.. rest.Take(4).Select((host, i) => ($"with what {strong[i % strong.Length].Row.Caption} has", host.Row.Position, host.Picture.Input, way.Treat(host, strong[i % strong.Length], i)))]),
        };
        if (RimThing.Of(bench, few.Class, text, few.PValue, own, [.. strong.Select(donor => donor.Picture)]) is { } thing)
        {
            yield return thing;
        }
    }

    // The median over the hosts: half of them rise by as much, or more.
    private double Rise(int target, (EvidenceRow Row, KnownPicture Picture)[] hosts, (EvidenceRow Row, KnownPicture Picture) donor, DonorEffect way)
    {
        float[] rises = new float[hosts.Length];
        foreach ((int i, (EvidenceRow Row, KnownPicture Picture) host) in hosts.Index())
        {
            bench.Scorer.Ask(host.Picture.Input, reply => rises[i] -= reply[target]);
            bench.Scorer.Ask(way.Treat(host, donor, i), reply => rises[i] += reply[target]);
        }

        bench.Scorer.Flush();
        return rises.Order().ElementAt((rises.Length - 1) / 2);
    }

    private (EvidenceRow Row, KnownPicture Picture)[] Pictures(IEnumerable<EvidenceRow> rows)
    {
        Dictionary<long, EvidenceRow> byPosition = rows.ToDictionary(row => row.Position);
        return [.. bench.PicturesOf(byPosition.Values).Select(picture => (byPosition[picture.Position], picture))];
    }

    private float[] Behind((EvidenceRow Row, KnownPicture Picture) host, (EvidenceRow Row, KnownPicture Picture) donor, int turn)
        => Laboratory.Pasted(host.Picture.Input, CornerGround.Of(donor.Picture.Input, turn % CornerGround.Corners, bench.Frame), bench.BesideHeat(host.Row));

    private float[] Recoloured((EvidenceRow Row, KnownPicture Picture) host, (EvidenceRow Row, KnownPicture Picture) donor, int turn)
        => bench.Laboratory.Recoloured(host.Picture.Input, host.Row.RimColours, donor.Row.RimColours);

    private float[] Beside((EvidenceRow Row, KnownPicture Picture) host, (EvidenceRow Row, KnownPicture Picture) donor, int turn)
        => Laboratory.Pasted(host.Picture.Input, bench.WithoutObject(donor.Picture), host.Picture.Object is { } pixels ? Array.ConvertAll(pixels, isObject => !isObject) : bench.BesideHeat(host.Row));

    /// <summary>A way in which a picture can make others into its class.</summary>
    /// <param name="Whose">What of the pictures does it.</param>
    /// <param name="What">What it does, before how much.</param>
    /// <param name="Thing">What would make the class.</param>
    /// <param name="Done">What the experiment does.</param>
    /// <param name="Rank">What it makes needless.</param>
    /// <param name="Effects">What each of the screens' donors does for each class.</param>
    /// <param name="Treat">How it is tried.</param>
    private sealed record DonorEffect(string Whose, string What, string Thing, string Done, int Rank, IReadOnlyList<float[]?> Effects, Treatment Treat);
}
