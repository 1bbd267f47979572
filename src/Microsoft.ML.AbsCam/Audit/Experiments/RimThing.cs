using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Audit.Places;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>
/// Pictures that are suspected for what lies around their objects may hold a thing of one look along their rim, such as a border: it is told from a ground that goes on behind the
/// object by its own pixels, and tried by itself.
/// </summary>
internal static class RimThing
{
    // The more pictures, the longer it takes to say what is usual.
    private const int LookedAt = 48;
    private const int TellingRank = 4;

    /// <param name="bench">What to work with.</param>
    /// <param name="target">The class.</param>
    /// <param name="suspicion">What raised the suspicion, as a sentence.</param>
    /// <param name="value">Its probability by chance.</param>
    /// <param name="own">The pictures' rows.</param>
    /// <param name="pictures">Pictures of them.</param>
    /// <returns>Null where there is no such thing.</returns>
    public static TriedSuspicion? Of(Bench bench, int target, string suspicion, double value, IReadOnlyList<EvidenceRow> own, IReadOnlyList<KnownPicture> pictures)
    {
        IReadOnlyList<KnownPicture> hosts = bench.Pool.Besides(target);
        return hosts.Count >= 2 && ConstantLook.Of([.. pictures.Take(LookedAt).Select(picture => picture.Input)], [.. hosts.Select(host => host.Input)], bench.Frame.Rim(), bench.Frame, bench.Random) is { IsTelling: true } look
            ? Tried(bench, target, (suspicion, value), own, pictures, hosts, (look.Words(bench.Frame), look.Pixels, TellingRank))
            : null;
    }

    /// <summary>Puts a part of pictures into others, and fills it.</summary>
    public static TriedSuspicion Tried(
        Bench bench, int target, (string Text, double Value) suspicion, IReadOnlyList<EvidenceRow> own, IReadOnlyList<KnownPicture> pictures, IReadOnlyList<KnownPicture> hosts, (string Words, bool[] Pixels, int Rank) thing)
    {
        Subject[] parts = [.. pictures.Select(picture => new Subject(picture.Position, picture.Input, thing.Pixels))];
        return new TriedSuspicion(
            target, suspicion.Text, thing.Words, IsAccusation: true, suspicion.Value, [bench.Laboratory.Transplant(target, parts, hosts, withRandom: false), bench.Laboratory.Fill(target, parts)])
        {
            Rows = own,
            Region = thing.Pixels,
            Rank = thing.Rank,
            HasOneLook = thing.Rank > 0,
            Pictures = () => BeforeAndAfter.Of(bench, target, parts, hosts),
        };
    }
}
