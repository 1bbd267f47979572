using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>Chooses measures by name, or those that are usual, of those that are possible.</summary>
internal sealed class MeasureChoice(PerturbationProtocol protocol, int? steps, double pointingTolerance)
{
    private readonly IReadOnlyList<SaliencyMeasure> _all = SaliencyMeasure.All(steps is int asked ? protocol with { Steps = asked } : protocol, pointingTolerance);

    /// <summary>The names that can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. SaliencyMeasure.All().Select(measure => measure.Name), MapConsistency.Name];

    /// <summary>Those that have to be named: they explain altered images once more or score many of them, or they rank no method.</summary>
    public static IReadOnlyList<string> OnlyByName { get; } =
    [
        .. SaliencyMeasure.All().Where(measure => !measure.IsJudging || SaliencyMeasure.OfMoreMaps.Contains(measure.Name) || SaliencyMeasure.OnlyByName.Contains(measure.Name)).Select(measure => measure.Name),
        MapConsistency.Name,
    ];

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
            return [.. _all.Where(measure => WhyNot(measure.Name) is null && (names is not null || !(OnlyByName.Contains(measure.Name) || LittleMeaning.Of(measure.Name, Kind, Task) is not null)))];
        }

        string[] asked = Split(names);
        if (AsksConsistency(names))
        {
            // What is summed up from rows needs rows that are measured; this one costs nothing.
            asked = asked is [_] ? [SaliencyMeasure.Sparseness.Name] : [.. asked.Where(name => name != MapConsistency.Name)];
        }

        return asked.Length > 0 ? [.. asked.Select(Named)] : throw new UsageException("--measures: it names no measure.");
    }

    /// <summary>Whether a class's maps are to be compared with one another.</summary>
    /// <inheritdoc cref="Of"/>
    public bool AsksConsistency(string? names)
    {
        if (names is null || !(names == "all" || Split(names).Contains(MapConsistency.Name)))
        {
            return false;
        }

        return WhyNot(MapConsistency.Name) is not { } reason || (names == "all" ? false : throw new UsageException($"--measures {MapConsistency.Name}: {reason}"));
    }

    private static string[] Split(string names) => [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];

    private SaliencyMeasure Named(string name)
    {
        SaliencyMeasure measure = _all.FirstOrDefault(known => known.Name == name)
            ?? throw new UsageException($"--measures {name}: 'all' or some of {string.Join(", ", Names)} are expected.");
        return WhyNot(name) is { } reason ? throw new UsageException($"--measures {name}: {reason}") : measure;
    }

    private string? WhyNot(string name)
        => !HasProbabilities && SaliencyMeasure.OfProbabilities.Contains(name) ? "it compares probabilities, and --scores none says that there are none. Leave one of them out."
        : !RunsMethods && SaliencyMeasure.OfMoreMaps.Contains(name) ? "it explains altered images, which only a method does that runs here. Leave it out for maps from files."
        : Kind is TargetKind.Output or TargetKind.Similar && (SaliencyMeasure.OfRivals.Contains(name) || name == MapConsistency.Name) ? "it is of classes, and --target asks about something else. Leave one of them out."
        : !KnowsObjects && SaliencyMeasure.OfObjects.Contains(name) ? "it needs to know where objects are. Give --boxes or --object-masks."
        : null;
}
