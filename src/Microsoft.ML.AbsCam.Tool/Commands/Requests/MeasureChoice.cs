using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>Chooses measures by name, or those that are usual, of those that are possible.</summary>
internal sealed class MeasureChoice(PerturbationProtocol protocol, int? steps, double pointingTolerance)
{
    private readonly IReadOnlyList<SaliencyMeasure> _all = SaliencyMeasure.All(steps is int asked ? protocol with { Steps = asked } : protocol, pointingTolerance);

    /// <summary>They explain masked images once more, which doubles the cost of a map.</summary>
    public static IReadOnlyList<string> Dear { get; } = [SaliencyMeasure.Coherency.Name, SaliencyMeasure.Adcc.Name];

    /// <summary>Whether somebody says where objects are.</summary>
    public required bool KnowsObjects { get; init; }

    /// <summary>Whether maps are made here, so that more can be made.</summary>
    public required bool RunsMethods { get; init; }

    /// <summary>Whether the network's scores become probabilities.</summary>
    public required bool HasProbabilities { get; init; }

    /// <summary>What the maps explain.</summary>
    public required TargetKind Kind { get; init; }

    /// <summary>What the network is for.</summary>
    public required NetworkTask Task { get; init; }

    /// <summary>What is to be said of measures that are possible and say little; null for nothing.</summary>
    public string? Note => LittleMeaning.Note(_all.Select(measure => measure.Name).Where(name => WhyNot(name) is null), Kind, Task);

    /// <param name="names">Names with commas between them, or 'all'; null for those that are usual.</param>
    /// <exception cref="UsageException">One is unknown or not possible, or there is none.</exception>
    public IReadOnlyList<SaliencyMeasure> Of(string? names)
    {
        if (names is null or "all")
        {
            return [.. _all.Where(measure => WhyNot(measure.Name) is null && (names is not null || !(Dear.Contains(measure.Name) || LittleMeaning.Of(measure.Name, Kind, Task) is not null)))];
        }

        SaliencyMeasure[] chosen = [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().Select(Named)];
        return chosen.Length > 0 ? chosen : throw new UsageException("--measures: it names no measure.");
    }

    private SaliencyMeasure Named(string name)
    {
        SaliencyMeasure measure = _all.FirstOrDefault(known => known.Name == name)
            ?? throw new UsageException($"--measures {name}: 'all' or some of {string.Join(", ", _all.Select(known => known.Name))} are expected.");
        return WhyNot(name) is { } reason ? throw new UsageException($"--measures {name}: {reason}") : measure;
    }

    private string? WhyNot(string name)
        => !HasProbabilities && SaliencyMeasure.OfProbabilities.Contains(name) ? "it compares probabilities, and --scores none says that there are none. Leave one of them out."
        : !RunsMethods && Dear.Contains(name) ? "it explains masked images, which only a method does that runs here. Leave it out for maps from files."
        : !KnowsObjects && SaliencyMeasure.OfObjects.Contains(name) ? "it needs to know where objects are. Give --boxes or --object-masks."
        : null;
}
