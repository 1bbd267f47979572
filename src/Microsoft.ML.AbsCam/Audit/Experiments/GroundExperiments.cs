using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Audit.Places;

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
        return [.. suspects.Select(suspect => Tried(screens, suspect)).OfType<TriedSuspicion>()];
    }

    private TriedSuspicion? Tried(Screens screens, DonorSuspect suspect)
    {
        EvidenceRow[] own = [.. suspect.Donors.Select(donor => screens.Donors[donor])];
        float[][] grounds = Grounds(own);
        float[][] others = Grounds(screens.Donors.Where(donor => donor.Class != suspect.Class));
        Subject[] hosts = [.. bench.Pool.RowsBesides(suspect.Class).Select(host => new Subject(host.Picture.Position, host.Picture.Input, Beside(host.Row)))];
        if (hosts.Length < 2 || grounds.Length == 0 || others.Length == 0)
        {
            return null;
        }

        TrialResult trial = bench.Laboratory.PutBehind(
            "a corner of it spread behind what pictures of other classes are recognised by (control: corners of other classes' pictures)", suspect.Class, grounds, hosts, others);
        return new TriedSuspicion(
            suspect.Class, suspect.Text("corners", "are seen as it by themselves, three of them at least, with"), "what lies in all corners of its pictures, which is their ground unless the object fills them", IsAccusation: true, suspect.PValue, [trial])
        {
            Rows = own,
            Region = [.. Enumerable.Repeat(true, bench.Frame.Pixels)],
            Rank = 1,
            Pictures = () => BeforeAndAfter.Drawn(bench, suspect.Class, [.. hosts.Take(4).Select((host, i) => ("with another ground", host.Position, host.Picture, Laboratory.Pasted(host.Picture, grounds[i % grounds.Length], host.Region)))]),
        };
    }

    private float[][] Grounds(IEnumerable<EvidenceRow> rows) => [.. bench.PicturesOf(bench.Some(rows, bench.Trials)).Select((picture, i) => CornerGround.Of(picture.Input, i % CornerGround.Corners, bench.Frame))];

    private bool[] Beside(EvidenceRow row) => Array.ConvertAll(bench.Frame.PixelsOf([.. row.Heat.Select(heat => heat >= HotCells.Threshold)], bench.Table.MapHeight, bench.Table.MapWidth), isHot => !isHot);
}
