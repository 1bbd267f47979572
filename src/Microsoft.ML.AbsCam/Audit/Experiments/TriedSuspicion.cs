using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;

namespace Microsoft.ML.AbsCam.Audit.Experiments;

/// <summary>A suspicion, and what experiments say of it.</summary>
/// <param name="Class">The class it is about.</param>
/// <param name="Suspicion">The statistics that raised it, as a sentence.</param>
/// <param name="Thing">What would make pictures into the class, in words.</param>
/// <param name="IsAccusation">Whether, once confirmed, it is a shortcut: something that cannot be the object itself.</param>
/// <param name="SuspicionValue">The probability of the suspicion by chance, corrected within its family.</param>
/// <param name="Trials">The experiments.</param>
internal sealed record TriedSuspicion(int Class, string Suspicion, string Thing, bool IsAccusation, double SuspicionValue, IReadOnlyList<TrialResult> Trials)
{
    // A change of the probability that a reader would care about.
    public const double LeastExcess = 0.1;

    // A thing of one look is no part of an object, which would move the probability a little, too.
    public const double LeastOfOneLook = 0.05;

    // Where a control alone changes the class by more, what is put in is no explanation: the network gives that class to odd pictures.
    public const double MostControl = 0.15;

    // From this rank on it is about a particular thing.
    private const int Particular = 3;

    /// <summary>The rows that show it.</summary>
    public IReadOnlyList<EvidenceRow> Rows { get; init; } = [];

    /// <summary>The pixels of it.</summary>
    public bool[]? Region { get; init; }

    /// <summary>The pixels of it in each of the rows, where it lies elsewhere in each; empty else.</summary>
    public IReadOnlyList<bool[]> RowRegions { get; init; } = [];

    /// <summary>Whether it is a thing of one look, by its pixels.</summary>
    public bool HasOneLook { get; init; }

    /// <summary>Whether it is worth telling as a place, whatever experiments say.</summary>
    public bool IsPlace { get; init; }

    /// <summary>A finding of its class that says more makes this one needless: the greater goes first.</summary>
    public int Rank { get; init; }

    /// <summary>Pictures before and after; drawn where the candidate becomes a finding.</summary>
    public Func<IReadOnlyList<AuditPicture>> Pictures { get; init; } = () => [];

    /// <summary>Whether it makes another one of its class needless: it says more, and the other is a general remark or speaks of the same pixels.</summary>
    public bool Says(TriedSuspicion other) => other.Class == Class && Rank > other.Rank && (other.Rank < Particular || other.Region is null || Region is null || Touches(other.Region, Region));

    /// <summary>Whether it says what an earlier one says: both are of one sort and speak of the same pixels of one class.</summary>
    public bool Repeats(TriedSuspicion earlier) => earlier.Class == Class && earlier.Rank == Rank && earlier.Region is not null && Region is not null && Touches(earlier.Region, Region);

    /// <param name="corrected">The experiments' values after correction.</param>
    /// <param name="level">The level.</param>
    public bool IsConfirmed(IReadOnlyList<double> corrected, double level) => Trials.Zip(corrected).Any(pair => pair.Second <= level && pair.First.Excess >= (HasOneLook ? LeastOfOneLook : LeastExcess) && pair.First.Control <= MostControl);

    private static bool Touches(bool[] a, bool[] b) => a.Zip(b).Any(pair => pair.First && pair.Second);
}
