namespace Microsoft.ML.AbsCam.Benchmarks.Audits;

/// <summary>One network of the proof: from which network and scenes it is made, and what is planted.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Plant">What is planted; null for a clean network.</param>
internal sealed record AuditCase(int Number, Plant? Plant)
{
    /// <summary>The half that thresholds are set on.</summary>
    public const int SetCases = 12;

    /// <summary>The half that is reported: other scenes, other networks to begin with, other looks, and three kinds that the first half has not.</summary>
    public const int ReportedCases = 18;

    private const int FirstReportedBase = 202;
    private const int ReportedBases = 2;
    private const int Lessons = 3600;
    private const int LaterLessons = 1800;
    private const int Exam = 1200;
    private static readonly double[] SetShares = [0.25, 0.5, 0.1, 0.05, 0.02];
    private static readonly double[] ReportedShares = [0.5, 0.02, 0.25, 0.1, 0.05];

    // Networks that were trained on the first half's scenes.
    private static readonly int[] SetBases = [102, 105, 108, 114];

    public bool IsReported => Number >= SetCases;

    /// <summary>The seed of the network that it is made from.</summary>
    public int BaseSeed => IsReported ? FirstReportedBase + (Number % ReportedBases) : SetBases[Number % SetBases.Length];

    private int FirstScene => IsReported ? 7_000_000 : 4_000_000;

    /// <summary>All of them, in the order in which they are made: every third is clean.</summary>
    public static IReadOnlyList<AuditCase> All { get; } = [.. Enumerable.Range(0, SetCases + ReportedCases).Select(Of)];

    /// <summary>The scenes that the network to begin with learns from.</summary>
    public DrawnScene[] DrawFirstLessons() => DrawnScene.Draw(FirstScene, Lessons);

    /// <summary>The scenes that the network is taught more from, some with the plant.</summary>
    public DrawnScene[] DrawLaterLessons() => DrawnScene.Draw(FirstScene, LaterLessons);

    /// <summary>The scenes that are audited, some with the plant.</summary>
    public DrawnScene[] DrawExam() => DrawnScene.Draw(FirstScene + Lessons, Exam);

    private static AuditCase Of(int number)
    {
        bool isReported = number >= SetCases;
        int within = isReported ? number - SetCases : number;
        int planted = (within / 3 * 2) + (within % 3);
        PlantKind[] kinds = [.. Enum.GetValues<PlantKind>().Where(kind => isReported || kind <= PlantKind.Sticker)];

        // Kinds and shares go their rounds at different lengths, so that they meet in many combinations.
        double share = isReported ? ReportedShares[((planted * 2) + (planted / 5)) % ReportedShares.Length] : SetShares[planted % SetShares.Length];
        return new AuditCase(number, within % 3 == 2 ? null : new Plant(kinds[planted % kinds.Length], ((planted * 5) + 1) % DrawnScene.Classes, share, 1000 + number));
    }
}
