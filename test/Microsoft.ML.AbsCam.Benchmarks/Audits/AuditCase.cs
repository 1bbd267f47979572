namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>One network of the proof: from which network and scenes it is made, and what is planted.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Plant">What is planted; null for a clean network.</param>
internal sealed record AuditCase(int Number, Plant? Plant)
{
    // Method and thresholds were set on these: the second group is other networks and scenes, with other looks, and was a reported part once, before the method was changed.
    private const int FirstCases = 12;
    private const int SetCases = 30;

    // Reported: again other scenes, other networks to begin with and other looks, each kind once, three of them new.
    private const int ReportedCases = 18;

    private const int Bases = 2;
    private const int Lessons = 3600;
    private const int LaterLessons = 1800;
    private const int Exam = 1200;
    private const int KindStep = 5;
    private static readonly double[] FirstShares = [0.25, 0.5, 0.1, 0.05, 0.02];
    private static readonly double[] SecondShares = [0.5, 0.02, 0.25, 0.1, 0.05];
    private static readonly double[] ReportedShares = [0.05, 0.02, 0.25, 0.5, 0.1];

    // Networks that were trained on the first group's scenes.
    private static readonly int[] FirstBases = [102, 105, 108, 114];

    /// <summary>Whether it is audited once, after method and thresholds were set.</summary>
    public bool IsReported => Number >= SetCases;

    /// <summary>The seed of the network that it is made from.</summary>
    public int BaseSeed => Number < FirstCases ? FirstBases[Number % FirstBases.Length] : (IsReported ? 302 : 202) + (Number % Bases);

    /// <summary>
    /// How often it is taught all later lessons anew at most. Reported ones are until they rely on the plant, since a plant that is not learnt says nothing of audits, and clean
    /// ones thrice; the others are taught once.
    /// </summary>
    public int MostRounds => !IsReported ? 1 : Plant is null ? 3 : 6;

    private int FirstScene => Number < FirstCases ? 4_000_000 : IsReported ? 12_000_000 : 7_000_000;

    /// <summary>All of them, in the order in which they are made: every third is clean.</summary>
    public static IReadOnlyList<AuditCase> All { get; } = [.. Enumerable.Range(0, SetCases + ReportedCases).Select(Of)];

    /// <summary>The scenes that the network to begin with learns from.</summary>
    public DrawnScene[] DrawFirstLessons() => DrawnScene.Draw(FirstScene, Lessons);

    /// <summary>The scenes that the network is taught more from, some with the plant.</summary>
    public DrawnScene[] DrawLaterLessons() => DrawnScene.Draw(FirstScene, LaterLessons);

    /// <summary>The scenes that are audited, some with the plant.</summary>
    public DrawnScene[] DrawExam() => DrawnScene.Draw(FirstScene + Lessons, Exam);

    // Kinds and shares go their rounds at different lengths, so that they meet in many combinations.
    private static AuditCase Of(int number)
    {
        int within = number - (number < FirstCases ? 0 : number < SetCases ? FirstCases : SetCases);
        int planted = (within / 3 * 2) + (within % 3);
        PlantKind[] kinds = Enum.GetValues<PlantKind>();
        int round = (planted * 2) + (planted / 5);
        (PlantKind kind, double share) = number < FirstCases ? (kinds[planted % ((int)PlantKind.Sticker + 1)], FirstShares[planted % FirstShares.Length])
            : number < SetCases ? (kinds[planted % ((int)PlantKind.Ring + 1)], SecondShares[round % SecondShares.Length])
            : (kinds[planted * KindStep % kinds.Length], ReportedShares[round % ReportedShares.Length]);
        return new AuditCase(number, within % 3 == 2 ? null : new Plant(kind, ((planted * 5) + 1) % DrawnScene.Classes, share, 1000 + number));
    }
}
