using Microsoft.ML.AbsCam.Networks;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>Makes the question that a target is, of a network whose outputs allow it.</summary>
internal static class QuestionOf
{
    /// <param name="network">The network; it is loaded.</param>
    /// <param name="target">What is asked. A class of a network that scores pixels or boxes is asked about where it finds it.</param>
    /// <param name="rule">How scores become probabilities.</param>
    /// <param name="labels">The names of the classes; null where there are none.</param>
    /// <exception cref="ArgumentException">The network's outputs do not allow it; the message says what they do allow.</exception>
    public static Question Target(ImageNetwork network, SaliencyTarget target, ScoreRule rule, IReadOnlyList<string>? labels = null)
    {
        double? gamma = (target as ContrastTarget)?.Gamma;
        return (network.Layout, target) switch
        {
            (_, SeveralTarget several) => new SeveralQuestion([.. several.Targets.Select(part => Target(network, part, rule, labels))]),
            (var layout, OwnTarget own) => new OwnQuestion(own.Name, layout.Shape, own.Score),
            (OutputLayout.ScoreVector vector, OutputTarget output) => new OutputQuestion(vector.Count, output.Negative),
            (OutputLayout.ScoreVector vector, SimilarityTarget similar) => Similarity(network.Name, vector, similar),
            (OutputLayout.ScoreVector, not (RegionTarget or BoxTarget)) => new ClassQuestion(ScoreReading.Of(network, rule)) { TargetsPerRow = target is TopTarget top ? top.Count : 1, Gamma = gamma },
            (OutputLayout.ClassMaps maps, not (BoxTarget or OutputTarget or SimilarityTarget or TopTarget)) => Region(network, maps, target, rule, gamma) with { Background = BackgroundOf(labels) },
            (OutputLayout.Detections boxes, not (RegionTarget or OutputTarget or SimilarityTarget or TopTarget)) => Box(network, boxes, target, rule, gamma, BackgroundOf(labels)),
            (var layout, _) => throw new ArgumentException($"The target is {target}, and the network '{network.Name}' gives {layout}. {Remedy(layout)}"),
        };
    }

    private static string Remedy(OutputLayout layout) => layout switch
    {
        OutputLayout.ClassMaps => $"Ask about a region ({nameof(SaliencyTarget)}.{nameof(SaliencyTarget.Region)}, in the command --target region:CLASS), or with a function of your own.",
        OutputLayout.Detections => $"Ask about a detection ({nameof(SaliencyTarget)}.{nameof(SaliencyTarget.Box)}, in the command --target box:best), or with a function of your own.",
        _ => $"Ask about a class, a contrast of two, an output ({nameof(SaliencyTarget)}.{nameof(SaliencyTarget.Output)}) or a likeness ({nameof(SaliencyTarget)}.{nameof(SaliencyTarget.Similar)}).",
    };

    private static SimilarityQuestion Similarity(string network, OutputLayout.ScoreVector vector, SimilarityTarget target)
    {
        if (vector.Count < 2)
        {
            throw new ArgumentException($"The network '{network}' gives one number, and the cosine of one number is its sign: there is no likeness to explain.");
        }

        return target.Reference is { } reference && reference.Length != vector.Count
            ? throw new ArgumentException($"The embedding to compare with has {reference.Length} numbers, and the network '{network}' gives {vector.Count}. Make it with the same network.")
            : new SimilarityQuestion(network, vector.Count, target.Reference);
    }

    private static RegionQuestion Region(ImageNetwork network, OutputLayout.ClassMaps maps, SaliencyTarget target, ScoreRule rule, double? gamma)
        => new(maps, ScoreReading.Of(network, rule), target is RegionTarget { MaskColumn: not null }) { Gamma = gamma };

    // As data sets name it.
    private static int? BackgroundOf(IReadOnlyList<string>? labels)
    {
        int place = labels?.ToList().FindIndex(label => label.Trim(' ', '_').Equals("background", StringComparison.OrdinalIgnoreCase)) ?? -1;
        return place < 0 ? null : place;
    }

    private static BoxQuestion Box(ImageNetwork network, OutputLayout.Detections boxes, SaliencyTarget target, ScoreRule rule, double? gamma, int? background)
    {
        if (boxes.HasObjectness && network.ScoreEvidence.Kind == ScoreKind.Logits)
        {
            throw new ArgumentException($"The network '{network.Name}' gives {boxes}, whose scores are logits, so objectness and class cannot be multiplied. Export it with the sigmoid inside.");
        }

        if (network.ScoreEvidence is { HasNothing: true, Kind: var kind } && background is null && (kind != ScoreKind.Logits || rule is ScoreRule.Auto or ScoreRule.Softmax))
        {
            throw new ArgumentException($"The network '{network.Name}' gives {boxes}, and {(kind == ScoreKind.Logits ? "on a made-up image the first or the last class is the likeliest in nearly all of them, so it seems to stand" : "these add up to 1 in each box, so one of the classes has to stand")} for nothing being there. Nothing tells which, so it could be taken for what is found. Name the {boxes.Count} classes (labels), and call that one 'background'{(kind == ScoreKind.Logits ? $"; or say that each class stands for itself ({nameof(ScoreRule)}.{nameof(ScoreRule.Sigmoid)}, in the command --scores sigmoid)" : "")}.");
        }

        // Boxes stand each for themselves: a softmax of their classes has to be asked for, or told by a class for nothing being there.
        ScoreRule own = background is not null && network.ScoreEvidence.Kind == ScoreKind.Logits ? ScoreRule.Softmax : ScoreRule.Sigmoid;
        ScoreReading reading = ScoreReading.Of(network, rule == ScoreRule.Auto ? own : rule);
        return new BoxQuestion(boxes, reading, network.Shape.Height, network.Shape.Width, target is BoxTarget { Sides: not null } or BoxTarget { SidesColumn: not null }) { Gamma = gamma, Background = background };
    }
}
