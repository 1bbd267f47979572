using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>A class whose own pictures do to others what pictures of other classes do not.</summary>
/// <param name="Class">The class.</param>
/// <param name="Needed">Above which effect a picture counts.</param>
/// <param name="Donors">Which of the screens' donors count, of the class.</param>
/// <param name="All">How many of the class were tried.</param>
/// <param name="Elsewhere">How many of other classes count.</param>
/// <param name="AllElsewhere">How many of other classes were tried.</param>
/// <param name="PValue">Fisher's exact test, corrected for the classes by Holm.</param>
internal sealed record DonorSuspect(int Class, double Needed, int[] Donors, int All, int Elsewhere, int AllElsewhere, double PValue)
{
    // Where what is done raises a class by itself, as an odd picture may, a donor has to do more than nearly all of other classes do.
    public const double MostElsewhere = 0.03;

    // Objects reach into the rim now and then, and a class of red things has a redder one: only what its pictures do this many times as often counts.
    public const double LeastRatio = 4;
    private const int LeastDonors = 3;

    // What raises the suspicion chooses the pictures of the experiment too, so the experiment is no second guard against chance.
    public const int Strictness = 5;

    /// <param name="screens">What was tried.</param>
    /// <param name="effects">Of each donor, what it does for each class.</param>
    /// <param name="least">A donor that does no more is not counted.</param>
    /// <param name="level">The probability of a false suspicion among all classes.</param>
    public static IEnumerable<DonorSuspect> Of(Screens screens, float[][] effects, double least, double level)
    {
        DonorSuspect[] all = [.. screens.Donors.Select(donor => donor.Class).Distinct().Order().Select(c => Of(screens, c, effects, least))];
        double[] corrected = Holm.Adjust([.. all.Select(suspect => suspect.PValue)]);
        return all.Zip(corrected, (suspect, value) => suspect with { PValue = value }).Where(suspect => suspect.PValue <= level / Strictness && suspect.Donors.Length >= LeastDonors && suspect.IsFarAbove);
    }

    /// <param name="whose">What of its pictures does it.</param>
    /// <param name="what">What it does, before the least effect.</param>
    public string Text(string whose, string what)
        => string.Create(CultureInfo.InvariantCulture, $"the {whose} of {Donors.Length} of {All} of its pictures that were tried {what} more than {Needed:0.00}, and those of {Elsewhere} of {AllElsewhere} pictures of other classes.");

    // One more of the others is counted, since none may be chance.
    private bool IsFarAbove => Donors.Length / (double)All >= LeastRatio * (Elsewhere + 1) / (AllElsewhere + 1.0);

    private static DonorSuspect Of(Screens screens, int c, float[][] effects, double least)
    {
        double[] elsewhere = [.. Enumerable.Range(0, effects.Length).Where(donor => screens.Donors[donor].Class != c).Select(donor => (double)effects[donor][c]).Order()];
        double needed = elsewhere.Length == 0 ? least : Math.Max(least, elsewhere[(int)((1 - MostElsewhere) * (elsewhere.Length - 1))]);
        int[] strong = [.. Enumerable.Range(0, effects.Length).Where(donor => effects[donor][c] > needed)];
        int[] own = [.. strong.Where(donor => screens.Donors[donor].Class == c)];
        int all = screens.Donors.Count(donor => donor.Class == c);
        return new DonorSuspect(c, needed, own, all, strong.Length - own.Length, screens.Donors.Length - all, Fisher.Greater(own.Length, all, strong.Length, screens.Donors.Length));
    }
}
