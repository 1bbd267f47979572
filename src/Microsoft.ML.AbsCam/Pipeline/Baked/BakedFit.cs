using System.Globalization;
using Microsoft.ML.AbsCam.Networks.Baked;

namespace Microsoft.ML.AbsCam.Pipeline.Baked;

/// <summary>Whether what is asked of a baked file is what was baked into it: all else is refused, with what there is.</summary>
internal static class BakedFit
{
    // Of the greatest number of an embedding: two pictures are farther apart.
    private const double LeastDifference = 1e-4;

    /// <returns>The options, with what the file settles.</returns>
    /// <exception cref="ArgumentException">Something else is asked for.</exception>
    public static AbsCamOptions Of(BakedImageNetwork network, AbsCamOptions options)
    {
        BakedPlan plan = network.Plan;
        SaliencyTarget target = TargetOf(plan);
        MapSize size = plan.AtLayerSize ? MapSize.Layer : MapSize.Input;
        Refuse(options.AskedMethod is { } method && method.Name != plan.Method, $"the method '{options.Method}'", $"'{plan.Method}'");
        Refuse(options.Layers is { } layers && !layers.SequenceEqual([plan.Layer.Name]), $"the layer {string.Join(" + ", options.Layers ?? [])}", $"'{plan.Layer.Name}'");
        Refuse(options.AskedTarget is { } asked && !Is(asked, target, plan, options.Labels ?? plan.Labels), options.Target.ToString() == target.ToString() ? $"{options.Target}, which is another" : $"{options.Target}", plan.Given is null ? $"{target}" : "a class a row, of those that the network scores");
        Refuse(options.AskedMapSize is { } wanted && wanted != size, $"a map of the {options.MapSize.ToString().ToLowerInvariant()}'s size", $"one of the {size.ToString().ToLowerInvariant()}'s");
        Refuse(options.Tolerance > 0, string.Create(CultureInfo.InvariantCulture, $"a tolerance of {options.Tolerance}"), "the exact method");
        Refuse(options.ScoreRule != ScoreRule.Auto, $"{nameof(ScoreRule)}.{options.ScoreRule}", "the reading of the scores that evidence showed");
        Refuse(options.Engine == NetworkEngine.TorchSharp, "TorchSharp", "what ONNX Runtime runs");
        Refuse(options.Columns.HeatFeatures is not null, "what lies under the heat", "the map alone");
        return options with { Method = SaliencyMethod.Parse(plan.Method), Layers = [plan.Layer.Name], Target = plan.Given is null ? target : options.Target, MapSize = size };

        void Refuse(bool isOther, string other, string baked)
        {
            if (isOther)
            {
                throw new ArgumentException($"In the file '{network.Name}' {baked} is baked in, and not {other}. Ask for what is baked in, or take the model that the file was baked from (SHA-256 {plan.Model}).");
            }
        }
    }

    /// <summary>What a user should know, as sentences.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">What <see cref="Of"/> gave.</param>
    public static IReadOnlyList<string> Findings(BakedImageNetwork network, AbsCamOptions options) =>
    [
        network.Plan switch
        {
            { Question: not null } => Saliency.Questions.QuestionOf.Target(network, options.Target, ScoreRule.Auto, options.Labels ?? network.Plan.Labels).ToString(),
            { Output: null } => Saliency.ScoreReading.Of(network).ToString(),
            _ => "The outputs are explained as they are.",
        },
        $"'{options.Method}' at the layer '{network.Plan.Layer.Name}' is baked into the file, for {(network.Plan.Given is null ? options.Target : "a class a row")}; ONNX Runtime makes the maps.",
    ];

    private static SaliencyTarget TargetOf(BakedPlan plan)
    {
        SaliencyTarget of = plan.Class is int index ? SaliencyTarget.Class(index) : SaliencyTarget.Predicted;
        return plan.Output is int output ? SaliencyTarget.Output(output, plan.Sign < 0)
            : plan.Gamma is double gamma ? SaliencyTarget.Contrast(Other(plan.Against), of, gamma)
            : plan.Question switch
            {
                { Kind: BakedQuestionKind.Likeness } likeness => new SimilarityTarget(likeness.Reference, null),
                { Kind: BakedQuestionKind.Region } => SaliencyTarget.Region(of),
                { Kind: BakedQuestionKind.Box } box => new BoxTarget(of, box.Sides, null) { IsOfInput = box.Sides is not null },
                _ => of,
            };
    }

    private static SaliencyTarget Other(string? against) => against switch
    {
        null => SaliencyTarget.Predicted,
        BakedPlan.RunnerUp => SaliencyTarget.RunnerUp,
        _ => SaliencyTarget.Class(int.Parse(against, NumberStyles.None, CultureInfo.InvariantCulture)),
    };

    private static bool Is(SaliencyTarget asked, SaliencyTarget baked, BakedPlan plan, IReadOnlyList<string>? labels) => plan.Given is not null
        ? asked is PredictedTarget or ClassTarget or NamedClassTarget or ColumnTarget
        : (ByIndex(asked, labels), baked) switch
        {
            (BoxTarget box, BoxTarget its) => box.Of == its.Of && box.IsOfInput == its.IsOfInput && (box.Sides ?? []).SequenceEqual(its.Sides ?? []) && box.SidesColumn is null,
            (SimilarityTarget likeness, SimilarityTarget its) => AreSame(likeness.Reference ?? [], its.Reference!),
            (PredictedTarget or ClassTarget, RegionTarget or BoxTarget { Sides: null }) => ByIndex(asked, labels) == baked.ClassPart,
            (var other, _) => other == baked,
        };

    // A picture's embedding that two engines made.
    private static bool AreSame(float[] one, float[] other)
        => one.Length == other.Length && one.Zip(other).All(pair => Math.Abs(pair.First - pair.Second) <= LeastDifference * other.Max(Math.Abs));

    // A class by its name is the same as by its index.
    private static SaliencyTarget ByIndex(SaliencyTarget target, IReadOnlyList<string>? labels) => target switch
    {
        NamedClassTarget named when labels?.ToList().IndexOf(named.Name) is int index and >= 0 => SaliencyTarget.Class(index),
        RegionTarget region => region with { Of = ByIndex(region.Of, labels) },
        BoxTarget box => box with { Of = ByIndex(box.Of, labels) },
        ContrastTarget contrast => SaliencyTarget.Contrast(ByIndex(contrast.Against, labels), ByIndex(contrast.Of, labels), contrast.Gamma),
        _ => target,
    };
}
