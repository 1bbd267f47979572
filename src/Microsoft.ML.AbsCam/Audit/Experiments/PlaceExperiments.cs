using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Audit.Places;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>Tries places where a class's heat lies more often than others': is there one look, and does it make the class?</summary>
/// <param name="bench">What to work with.</param>
internal sealed class PlaceExperiments(Bench bench)
{
    private const int LookedAt = 48;
    private const int LeastCarriers = 3;

    // A place is told where it draws a class's heat so many times as often as other classes', and in so many more of its pictures.
    private const double TellingRatio = 2;
    private const double TellingShare = 0.1;

    // Two places of one class whose pixels are the same to this share are one thing.
    private const double SameThing = 0.3;

    private InputFrame Frame => bench.Frame;

    public IReadOnlyList<TriedSuspicion> Try(IReadOnlyList<PlaceSuspect> suspects)
    {
        List<(PlaceSuspect Suspect, ConstantLook? Look)> looked = [];
        foreach (PlaceSuspect suspect in suspects)
        {
            ConstantLook? look = LookOf(suspect);
            if (look is null || !looked.Any(other => other.Suspect.Class == suspect.Class && other.Look is { } known && Overlap(known.Pixels, look.Pixels) >= SameThing))
            {
                looked.Add((suspect, look));
            }
        }

        Dictionary<ConstantLook, HashSet<long>> carriers = Carriers([.. looked.Select(pair => pair.Look).OfType<ConstantLook>()]);
        return [.. looked.Select(pair => pair.Look is { } look ? OfLook(pair.Suspect, look, carriers[look]) : OfPlace(pair.Suspect)).OfType<TriedSuspicion>()];
    }

    private ConstantLook? LookOf(PlaceSuspect suspect)
    {
        bool[] place = PixelSets.Widened(Frame.PixelsOf(suspect.Cells, bench.Table.MapHeight, bench.Table.MapWidth), Math.Max(1, Frame.Height / bench.Table.MapHeight / 2), Frame);
        IReadOnlyList<KnownPicture> own = bench.PicturesOf(suspect.Rows.OrderByDescending(row => Warmth(row, suspect.Cells)).Take(LookedAt));
        ConstantLook? look = ConstantLook.Of([.. own.Select(picture => picture.Input)], [.. bench.Pool.Besides(suspect.Class).Select(picture => picture.Input)], place, Frame, bench.Random);
        return look is { IsTelling: true } ? look : null;
    }

    /// <summary>Every picture is looked at once for all things.</summary>
    private Dictionary<ConstantLook, HashSet<long>> Carriers(IReadOnlyList<ConstantLook> looks)
    {
        Dictionary<ConstantLook, HashSet<long>> carriers = looks.ToDictionary(look => look, _ => new HashSet<long>());
        if (looks.Count > 0)
        {
            foreach (KnownPicture picture in bench.Source.ReadPictures(bench.Table.Rows.Select(row => row.Position).ToHashSet()))
            {
                foreach (ConstantLook look in looks.Where(look => look.IsIn(picture.Input, Frame)))
                {
                    carriers[look].Add(picture.Position);
                }
            }
        }

        return carriers;
    }

    private TriedSuspicion? OfLook(PlaceSuspect suspect, ConstantLook look, HashSet<long> carriers)
    {
        EvidenceRow[] own = [.. bench.Table.Rows.Where(row => row.Class == suspect.Class && carriers.Contains(row.Position))];
        int all = bench.Table.Rows.Count(row => row.Class == suspect.Class);
        int others = carriers.Count - own.Length;
        string suspicion = string.Create(CultureInfo.InvariantCulture, $"{own.Length} of its {all} pictures have it, and {others} of the {bench.Table.Rows.Count - all} others.");
        if (own.Length < LeastCarriers)
        {
            // Each pixel has one look or another, as of a stamp whose digits change, and no picture all of them.
            own = [.. suspect.Rows];
            suspicion = string.Create(CultureInfo.InvariantCulture, $"the heat of {own.Length} of its {all} pictures ({suspect.Share:P0}) lies there, and of {suspect.ShareElsewhere:P0} of the others.");
        }

        Subject[] subjects = [.. bench.PicturesOf(bench.Some(own, bench.Trials)).Select(picture => new Subject(picture.Position, picture.Input, look.Pixels))];
        return Tried(suspect, subjects, look.Words(Frame), suspicion, isAccusation: true) is { } candidate ? candidate with { Rows = own, Region = look.Pixels, Rank = 5, HasOneLook = true } : null;
    }

    private TriedSuspicion? OfPlace(PlaceSuspect suspect)
    {
        bool[] region = Frame.PixelsOf(suspect.Cells, bench.Table.MapHeight, bench.Table.MapWidth);
        double onObject = suspect.Rows.Where(row => !double.IsNaN(row.OnObject)).Select(row => row.OnObject).DefaultIfEmpty(double.NaN).Average();
        string thing = $"what lies {PixelSets.Words(region, Frame)}";
        string objects = double.IsNaN(onObject) ? " Look whether this is the object." : string.Create(CultureInfo.InvariantCulture, $" {onObject:P0} of their heat lies on the object.");
        string suspicion = string.Create(CultureInfo.InvariantCulture, $"the heat of {suspect.Rows.Count} of its pictures ({suspect.Share:P0}) lies there, and of {suspect.ShareElsewhere:P0} of the others; what is there has no one look.{objects}");
        Subject[] subjects = [.. bench.PicturesOf(bench.Some(suspect.Rows, bench.Trials)).Select(picture => new Subject(picture.Position, picture.Input, region))];
        return Tried(suspect, subjects, thing, suspicion, isAccusation: false) is { } candidate ? candidate with { Rows = suspect.Rows, Region = region, IsPlace = suspect.Share >= TellingRatio * suspect.ShareElsewhere && suspect.Share - suspect.ShareElsewhere >= TellingShare } : null;
    }

    private TriedSuspicion? Tried(PlaceSuspect suspect, Subject[] subjects, string thing, string suspicion, bool isAccusation)
    {
        IReadOnlyList<KnownPicture> hosts = bench.Pool.Besides(suspect.Class);
        if (subjects.Length == 0 || hosts.Count < 2)
        {
            return null;
        }

        TrialResult transplant = bench.Laboratory.Transplant(suspect.Class, subjects, hosts);
        TrialResult fill = bench.Laboratory.Fill(suspect.Class, subjects);
        return new TriedSuspicion(suspect.Class, suspicion, thing, isAccusation, suspect.PValue, [transplant, fill])
        {
            Pictures = () => BeforeAndAfter.Of(bench, suspect.Class, subjects, hosts),
        };
    }

    private static float Warmth(EvidenceRow row, bool[] cells) => row.Heat.Where((_, cell) => cells[cell]).Max();

    private static double Overlap(bool[] a, bool[] b) => a.Zip(b).Count(pair => pair.First && pair.Second) / Math.Max(1.0, a.Zip(b).Count(pair => pair.First || pair.Second));
}
