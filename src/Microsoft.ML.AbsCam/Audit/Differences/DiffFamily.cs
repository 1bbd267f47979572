using System.Globalization;
using Microsoft.ML.AbsCam.Audit.Statistics;

namespace Microsoft.ML.AbsCam.Audit.Differences;

/// <summary>A question that is asked of every class by one test, corrected for all of them by Holm.</summary>
/// <param name="kind">What its findings are.</param>
/// <param name="options">How sure a finding has to be.</param>
internal sealed class DiffFamily(AuditFindingKind kind, DiffOptions options)
{
    private readonly List<Question> _asked = [];

    public int Count => _asked.Count;

    public void Ask(Question question) => _asked.Add(question);

    /// <summary>What would have been found of every class, as a clause; empty where no class was asked about.</summary>
    public string Power => _asked.Count == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $"; a mean change by {_asked.Max(question => Statistics.Power.LeastDifference(question.Effect.Changes, options.Level / _asked.Count)):0.00} would be found in each four times out of five");

    /// <param name="least">The least mean change that is told.</param>
    public IReadOnlyList<AuditFinding> Answers(double least)
    {
        double[] corrected = Holm.Adjust([.. _asked.Select(question => question.PValue)]);
        return [.. _asked.Zip(corrected)
            .Where(pair => pair.Second <= options.Level && Math.Abs(pair.First.Effect.Mean) >= least)
            .OrderBy(pair => pair.Second).ThenByDescending(pair => Math.Abs(pair.First.Effect.Mean))
            .Select(pair => pair.First.Tell(kind, pair.Second, options, _asked.Count))];
    }
}

/// <summary>The question of one class.</summary>
/// <param name="Class">The class.</param>
/// <param name="Sentence">What is found, if it is.</param>
/// <param name="Effect">What changed.</param>
/// <param name="PValue">By the test alone.</param>
/// <param name="Pairs">The pictures that show it, those that show it most first.</param>
internal sealed record Question(string Class, string Sentence, PairedEffect Effect, double PValue, IReadOnlyList<PicturePair> Pairs)
{
    public AuditRegion? Region { get; init; }

    public AuditFinding Tell(AuditFindingKind kind, double corrected, DiffOptions options, int tests) => new(kind, -1, Class, Sentence, corrected)
    {
        Effects = [Effect.ToEffect(corrected, options.Level / Math.Max(1, tests), options.Seed)],
        Rows = [.. Pairs.Select(pair => pair.First.Position)],
        RowNames = [.. Pairs.Select(pair => pair.First.Name)],
        Region = Region,
    };
}
