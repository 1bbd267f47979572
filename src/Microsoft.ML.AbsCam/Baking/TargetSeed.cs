using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>What is explained, as nodes: the class of each row, and the scores that the gradient is of.</summary>
/// <param name="writer">Takes the nodes.</param>
/// <param name="target">What is asked.</param>
/// <param name="given">The input that brings the classes; null where there is none.</param>
/// <param name="classes">How many scores a row has.</param>
/// <param name="type">The format's element type of the scores.</param>
/// <param name="indexOf">The index of a class by its name.</param>
internal sealed class TargetSeed(NodeWriter writer, SaliencyTarget target, string? given, int classes, int type, Func<string, int> indexOf)
{
    private IReadOnlyList<ScoreSeed> _seeds = [];

    /// <summary>The class that each row's map explains [batch], once <see cref="Of"/> has been asked.</summary>
    public string Classes { get; private set; } = "";

    /// <summary>The classes whose scores count: 1 for the class, less gamma for the one that it is told from.</summary>
    /// <param name="scores">The scores [batch, classes].</param>
    public IReadOnlyList<ScoreSeed> Of(string scores) => _seeds = given is null ? Chosen(scores) : [Given(given)];

    /// <summary>The target's logit [batch], of the logits of all classes [batch, classes], once <see cref="Of"/> has been asked.</summary>
    /// <param name="w">Takes the nodes.</param>
    /// <param name="logits">Of the images, or of what was made of them.</param>
    public string Logit(NodeWriter w, string logits) => _seeds.Select(seed => w.Mul(w.Squeeze(w.OneChannel(logits, seed.Classes), 1), seed.Weights)).Aggregate(w.Add);

    /// <summary>The target's probability [batch]; for a contrast the sigmoid of its logit, which is that of the one class against the other.</summary>
    /// <param name="w">Takes the nodes.</param>
    /// <param name="reading">What the scores are.</param>
    /// <param name="scores">What the network gives [batch, scores].</param>
    public string Probability(NodeWriter w, ScoreReading reading, string scores)
    {
        string logits = reading.Logits(w, scores, type);
        return target is ContrastTarget ? w.Node("Sigmoid", [Logit(w, logits)]) : w.Squeeze(w.OneChannel(reading.Probabilities(w, logits), _seeds[0].Classes), 1);
    }

    /// <exception cref="ArgumentException">The target is nothing that a file by itself can be asked.</exception>
    public static void Check(SaliencyTarget target, bool fromInput)
    {
        if (fromInput && target is not PredictedTarget)
        {
            throw new ArgumentException($"The class comes in by an input of the file, and {target} is asked for too. Leave one of the two out.");
        }

        SaliencyTarget?[] parts = [target.ClassPart, (target as ContrastTarget)?.Against];
        if (target is TopTarget or SeveralTarget or RegionTarget { MaskColumn: not null } or BoxTarget { SidesColumn: not null } or SimilarityTarget { Reference: null } or OwnTarget
            || parts.Any(part => part is ColumnTarget))
        {
            throw new ArgumentException($"The target is {target}, which cannot be part of a model file: bake the predicted class, a class, a contrast of two, one output, a class's region or most confident box, the box at a place, the likeness to a reference, or a class that comes in by an input (in the command --target input).");
        }
    }

    // A class that is none counts nothing, and a map of nothing is none.
    private ScoreSeed Given(string input)
    {
        string isNone = writer.Node("Or", [writer.Node("Less", [input, writer.Ints(0)]), writer.Node("GreaterOrEqual", [input, writer.Ints(classes)])]);
        Classes = input;
        return new ScoreSeed(writer.Where(isNone, writer.Ints(0), input), writer.Where(isNone, writer.Real(0, type), writer.Real(1, type)));
    }

    private IReadOnlyList<ScoreSeed> Chosen(string scores)
    {
        Classes = ClassOf(target.ClassPart, scores);
        ScoreSeed seed = Counting(Classes, target is OutputTarget { Negative: true } ? -1 : 1);
        if (target is not ContrastTarget contrast)
        {
            return [seed];
        }

        // The highest one is told from the highest besides it, as everywhere.
        string against = contrast.Against is RunnerUpTarget or PredictedTarget
            ? Highest(writer.Where(ScoreSeed.IsClass(writer, Classes, classes), writer.Real(double.NegativeInfinity, type), scores))
            : ClassOf(contrast.Against, scores);
        return [seed, Counting(against, -contrast.Gamma)];
    }

    private string ClassOf(SaliencyTarget part, string scores) => part switch
    {
        ClassTarget { Index: int index } => Same(Known(index), scores),
        NamedClassTarget { Name: string name } => Same(Known(indexOf(name)), scores),
        _ => Highest(scores),
    };

    private int Known(int index) => index < classes
        ? index
        : throw new ArgumentException($"The target is class {index}, and the network gives {classes} scores; the classes count from 0.");

    private string Same(int index, string scores) =>
        writer.Expand(writer.Ints(index), writer.Node("Slice", [writer.Shape(scores), writer.Ints(0), writer.Ints(1)]));

    private string Highest(string scores) => writer.Node("ArgMax", [scores], ("axis", 1), ("keepdims", 0));

    // As many numbers as there are rows.
    private ScoreSeed Counting(string of, double weight) => new(of, writer.Expand(writer.Real(weight, type), writer.Shape(of)));
}
