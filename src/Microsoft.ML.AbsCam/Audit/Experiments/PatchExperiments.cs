using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Audit.Places;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>
/// Tries small things of one look, wherever they lie. Patches that make their class in other pictures are mostly parts of objects; among them those are looked for that are
/// copies of each other, in some of the class's pictures and in few others.
/// </summary>
/// <param name="bench">What to work with.</param>
/// <param name="level">The probability of a false suspicion among all classes.</param>
internal sealed class PatchExperiments(Bench bench, double level)
{
    // A patch that raises its class by less is not looked at.
    private const float LeastRise = 0.1f;
    private const int MostPatches = 120;
    private const int SquaresEach = 6;
    private const int MostSquares = 12;

    // What most of a class's pictures have may be its object, drawn from one stencil.
    private const double MostOfClass = 0.8;

    public IReadOnlyList<TriedSuspicion> Try(PatchScreen screen, ICollection<string> tested)
    {
        List<FoundLook> looks = [];
        IGrouping<int, PatchScreen.HotPatch>[] classes = [.. screen.Patches.GroupBy(patch => patch.Row.Class).OrderBy(group => group.Key)];
        foreach (IGrouping<int, PatchScreen.HotPatch> group in classes)
        {
            PatchScreen.HotPatch[] strong = [.. group.Where(patch => patch.Rise >= LeastRise).OrderByDescending(patch => patch.Rise).Take(MostPatches)];
            LookSquare[] squares = [.. Squares(screen.Scale, strong)];
            if (squares.Length > 0 && LookOf(group.Key, squares, screen.Scale, [.. group.Select(patch => patch.Row).DistinctBy(row => row.Position)]) is { } look)
            {
                looks.Add(look);
            }
        }

        EvidenceRow[] donors = [.. screen.Patches.Select(patch => patch.Row).DistinctBy(row => row.Position)];
        int[] elsewhere = Elsewhere(looks, donors, screen.Scale);
        TriedSuspicion[] found = [.. looks.Zip(elsewhere, (look, others) => Tried(look, others, donors.Length - look.All, classes.Length, screen.Scale)).OfType<TriedSuspicion>()];
        tested.Add(string.Create(CultureInfo.InvariantCulture, $"Small things of one look, wherever they lie: {screen.Patches.Count} hot patches of {donors.Length} pictures were put into other pictures; among those that raise their class by {LeastRise} or more, squares that {MovedLook.LeastMembers} or more pictures hold like copies, and the next one by {MovedLook.LeastGap} of its structure less so, in at most {MostOfClass:P0} of a class's pictures and in fewer others (Fisher's exact test, Bonferroni, level {level}). {found.Length} suspected."));
        return found;
    }

    // Those that set some of the patches apart from the rest most.
    private static IEnumerable<LookSquare> Squares(PictureScale scale, PatchScreen.HotPatch[] strong)
    {
        var frame = new InputFrame(scale.Frame.Planes, scale.Window, scale.Window);
        return strong.Length < MovedLook.LeastMembers
            ? []
            : strong.SelectMany(patch => LookSquare.Of(patch.Pixels, frame, scale.SquareSide, SquaresEach).Select(square => (Square: square, GapAmong(square, patch, strong, frame).Gap)))
                .Where(pair => pair.Gap >= MovedLook.LeastGap).OrderByDescending(pair => pair.Gap).Take(MostSquares).Select(pair => pair.Square);
    }

    private static (float Gap, int Count) GapAmong(LookSquare square, PatchScreen.HotPatch own, PatchScreen.HotPatch[] strong, InputFrame frame)
        => MovedLook.GapOf([0, .. strong.Where(patch => patch.Row.Position != own.Row.Position).Select(patch => square.BestIn(patch.Pixels, frame, MovedLook.Far).Distance).Append(MovedLook.Far).Order()]);

    private FoundLook? LookOf(int c, LookSquare[] squares, PictureScale scale, EvidenceRow[] rows)
    {
        IReadOnlyList<KnownPicture> hosts = bench.Pool.Besides(c);
        if (hosts.Count < 2)
        {
            return null;
        }

        IReadOnlyList<KnownPicture> pictures = bench.PicturesOf(rows);
        float[][] own = [.. pictures.Select(picture => scale.Shrink(picture.Input))];
        float usual = MovedLook.Usual([.. hosts.Select(host => scale.Shrink(host.Input))]);
        (MovedLook? best, bool[]? shape) = (null, null);
        foreach (LookSquare square in squares)
        {
            if (MovedLook.Of(square, own, scale.Frame)?.WithoutCopies(own, usual) is { } look && look.Members.Count >= MovedLook.LeastMembers && look.Members.Count <= MostOfClass * own.Length
                && look.Members.Count > (best?.Members.Count ?? 0) && look.Shape(own, scale, usual) is { } known)
            {
                (best, shape) = (look, known);
            }
        }

        return best is null ? null : new FoundLook(c, best, [.. best.Members.Select(member => new Subject(pictures[member.Picture].Position, pictures[member.Picture].Input, scale.Grow(MovedLook.ShapeIn(member, shape!, scale))))], rows);
    }

    /// <summary>In how many pictures of other classes each look is; every picture is read once for all looks.</summary>
    private int[] Elsewhere(IReadOnlyList<FoundLook> looks, EvidenceRow[] donors, PictureScale scale)
    {
        int[] elsewhere = new int[looks.Count];
        Dictionary<long, int> classes = looks.Count == 0 ? [] : donors.ToDictionary(row => row.Position, row => row.Class);
        foreach (KnownPicture picture in bench.Source.ReadPictures(classes.Keys.ToHashSet()))
        {
            float[] small = scale.Shrink(picture.Input);
            foreach ((int place, FoundLook one) in looks.Index().Where(look => look.Item.Class != classes[picture.Position]))
            {
                elsewhere[place] += one.Look.Square.BestIn(small, scale.Frame, one.Look.Nearest).Distance <= one.Look.Limit ? 1 : 0;
            }
        }

        return elsewhere;
    }

    private TriedSuspicion? Tried(FoundLook found, int elsewhere, int others, int tests, PictureScale scale)
    {
        (int c, MovedLook look, Subject[] subjects, EvidenceRow[] rows) = found;
        double value = Math.Min(1, tests * Fisher.Greater(look.Members.Count, found.All, look.Members.Count + elsewhere, found.All + others));
        if (value > level)
        {
            return null;
        }

        Dictionary<long, EvidenceRow> byPosition = rows.ToDictionary(row => row.Position);
        IReadOnlyList<KnownPicture> hosts = bench.Pool.Besides(c);
        bool isFixed = look.Members.Max(member => member.Top) - look.Members.Min(member => member.Top) <= scale.SquareSide && look.Members.Max(member => member.Left) - look.Members.Min(member => member.Left) <= scale.SquareSide;
        string share = string.Create(CultureInfo.InvariantCulture, $"{subjects[0].Region.Count(true) / (double)bench.Frame.Pixels:P1} of the picture");
        string suspicion = string.Create(CultureInfo.InvariantCulture, $"{look.Members.Count} of {found.All} of its pictures hold it like copies (they differ by {look.Farthest:0.00} of its structure at most, and the next one by {look.Nearest:0.00}), and {elsewhere} of {others} others.");
        Subject[] tried = [.. subjects.Take(bench.Trials)];
        return new TriedSuspicion(
            c, suspicion, isFixed ? $"a thing of one look {PixelSets.Words(subjects[0].Region, bench.Frame)} ({share})" : $"a small thing of one look that lies elsewhere in each picture ({share})", IsAccusation: true, value, [bench.Laboratory.Transplant(c, tried, hosts), bench.Laboratory.Fill(c, tried)])
        {
            Rows = [.. subjects.Select(subject => byPosition[subject.Position])],
            RowRegions = [.. subjects.Select(subject => subject.Region)],
            Region = isFixed ? subjects[0].Region : null,
            Rank = isFixed ? 2 : 3,
            HasOneLook = true,
            Pictures = () => BeforeAndAfter.Of(bench, c, tried, hosts),
        };
    }

    private sealed record FoundLook(int Class, MovedLook Look, Subject[] Subjects, EvidenceRow[] Rows)
    {
        /// <summary>How many pictures of the class were looked at.</summary>
        public int All => Rows.Length;
    }
}
