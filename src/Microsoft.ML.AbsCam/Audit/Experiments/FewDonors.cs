using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>A few pictures of one class that do more to others than any other picture does, and by far.</summary>
/// <param name="Class">The class.</param>
/// <param name="Donors">Which of those that were tried, the strongest first.</param>
/// <param name="Least">What the weakest of them does.</param>
/// <param name="Next">What the strongest of all others does.</param>
/// <param name="All">How many of the class were tried.</param>
/// <param name="PValue">The probability that the strongest of all pictures are of one class by chance, times the classes.</param>
internal sealed record FewDonors(int Class, int[] Donors, double Least, double Next, int All, double PValue)
{
    /// <summary>One picture may be odd in its own way.</summary>
    public const int LeastCount = 2;

    /// <summary>Of more pictures, counting them says enough.</summary>
    public const int MostCount = 8;

    /// <summary>How far the few have to lie from all others.</summary>
    public const double LeastGap = 0.2;

    /// <param name="donors">The pictures that were tried.</param>
    /// <param name="effects">Of each, what it does for each class; empty where it was not tried.</param>
    /// <returns>At most one group a class.</returns>
    public static IEnumerable<FewDonors> Of(IReadOnlyList<EvidenceRow> donors, IReadOnlyList<float[]?> effects)
    {
        int[] tried = [.. Enumerable.Range(0, effects.Count).Where(donor => effects[donor] is { Length: > 0 })];
        int[] classes = [.. tried.Select(donor => donors[donor].Class).Distinct().Order()];
        return classes.Select(c => Of(c, tried, donors, effects, classes.Length)).OfType<FewDonors>();
    }

    private static FewDonors? Of(int c, int[] tried, IReadOnlyList<EvidenceRow> donors, IReadOnlyList<float[]?> effects, int classes)
    {
        int[] order = [.. tried.OrderByDescending(donor => effects[donor]![c])];
        double effect(int place) => effects[order[place]]![c];
        (double gap, int count) = (0, 0);
        for (int next = 1; next < order.Length && next <= MostCount && donors[order[next - 1]].Class == c; next++)
        {
            (gap, count) = next >= LeastCount && effect(next - 1) - effect(next) > gap ? (effect(next - 1) - effect(next), next) : (gap, count);
        }

        int all = tried.Count(donor => donors[donor].Class == c);
        return gap < LeastGap ? null : new FewDonors(c, order[..count], effect(count - 1), effect(count), all, Math.Min(1, classes * Fisher.Greater(count, all, count, tried.Length)));
    }
}
