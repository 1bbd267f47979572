using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>
/// Tries whether a ground makes a class where nobody says where objects are: a picture made of one corner alone is seen as the class, whichever corner, since a ground is in all
/// of them and an object reaches into some. Put behind what other pictures are recognised by, it makes them into the class.
/// </summary>
/// <param name="bench">What to work with.</param>
/// <param name="level">The probability of a false suspicion among all classes.</param>
internal sealed class GroundExperiments(Bench bench, double level)
{
    // A class that is this probable in pictures of a corner alone is seen there.
    private const double Seen = 0.5;

    public IReadOnlyList<TriedSuspicion> Try(Screens screens, ICollection<string> tested)
    {
        DonorSuspect[] suspects = [.. DonorSuspect.Of(screens, screens.ByGround, Seen, level)];
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Grounds: each corner of {screens.Donors.Length} pictures was spread over a whole picture; a class is suspected where it is seen in three of a picture's corners at least, with {Seen} or more and as in no more than {DonorSuspect.MostElsewhere:P0} of other classes' pictures (Fisher's exact test, Holm, level {level / DonorSuspect.Strictness}), {DonorSuspect.LeastRatio} times as often. {suspects.Length} suspected."));
        return [.. suspects.SelectMany(suspect => Tried(screens, suspect))];
    }

    private IEnumerable<TriedSuspicion> Tried(Screens screens, DonorSuspect suspect)
    {
        EvidenceRow[] own = [.. suspect.Donors.Select(donor => screens.Donors[donor])];
        float[][] grounds = Grounds(own);
        float[][] others = Grounds(screens.Donors.Where(donor => donor.Class != suspect.Class));
        Subject[] hosts = [.. bench.Pool.RowsBesides(suspect.Class).Select(host => new Subject(host.Picture.Position, host.Picture.Input, bench.BesideHeat(host.Row)))];
        if (hosts.Length < 2 || grounds.Length == 0 || others.Length == 0)
        {
            yield break;
        }

        TrialResult trial = bench.Laboratory.PutBehind(
            "a corner of it spread behind what pictures of other classes are recognised by (control: corners of other classes' pictures)", suspect.Class, grounds, hosts, others);
        string text = suspect.Text("corners", "are seen as it by themselves, three of them at least, with");
        yield return new TriedSuspicion(
            suspect.Class, text, "what lies in all corners of its pictures, which is their ground unless the object fills them", IsAccusation: true, suspect.PValue, [trial])
        {
            Rows = own,
            Region = [.. Enumerable.Repeat(true, bench.Frame.Pixels)],
            Rank = 1,
            Pictures = () => BeforeAndAfter.Drawn(bench, suspect.Class, [.. hosts.Take(4).Select((host, i) => ("with another ground", host.Position, host.Picture, Laboratory.Pasted(host.Picture, grounds[i % grounds.Length], host.Region)))]),
        };
        if (RimThing.Of(bench, suspect.Class, text, suspect.PValue, own, bench.PicturesOf(bench.Some(own, bench.Trials))) is { } thing)
        {
            yield return thing;
        }
    }

    private float[][] Grounds(IEnumerable<EvidenceRow> rows) => [.. bench.PicturesOf(bench.Some(rows, bench.Trials)).Select((picture, i) => CornerGround.Of(picture.Input, i % CornerGround.Corners, bench.Frame))];
}
