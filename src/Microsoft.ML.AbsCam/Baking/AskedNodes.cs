using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Messages;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>What is asked of a network's outputs, as nodes: what the gradient is of, and the class of each row.</summary>
/// <param name="network">The network.</param>
/// <param name="options">What is asked.</param>
/// <param name="writer">Takes the nodes.</param>
/// <param name="given">The input that brings the classes; null where there is none.</param>
/// <param name="sizes">The images' sizes.</param>
internal sealed class AskedNodes(ImageNetwork network, BakeOptions options, NodeWriter writer, string? given, InputSizes sizes)
{
    private TargetSeed? _target;

    /// <summary>The class that each row's map explains [batch], once <see cref="Of"/> has been asked.</summary>
    public string Classes { get; private set; } = "";

    /// <summary>What is told of each row beside its class, once <see cref="Of"/> has been asked; null where only classes are asked about.</summary>
    public OutputAnswer? Answer { get; private set; }

    /// <summary>The scores that are asked about.</summary>
    /// <exception cref="ArgumentException">It is no class of a vector that is asked about, so there are none that altered images can be judged by.</exception>
    public TargetSeed Target => _target
        ?? throw new ArgumentException($"The target is {options.Target} of a network that gives {network.Layout}, and a method that runs the network again cannot be baked for it. Take a method of one pass, such as '{SaliencyMethod.LayerCam}'.");

    /// <summary>What the scores are; null where they are numbers of a regression.</summary>
    public ScoreReading? Reading { get; private set; }

    /// <summary>How many classes a place can be of: one score a pixel is two, what it stands for and its complement.</summary>
    public int ClassesOfPlace => network.Layout is OutputLayout.ClassMaps ? ScoreReading.Of(network).ClassCount : network.Layout.Classes;

    /// <param name="outputs">The outputs, by name.</param>
    /// <param name="type">Their element type in the format.</param>
    public AskedSeed Of(string outputs, int type)
    {
        // Whether the network can be asked that is told where it is asked everywhere.
        Question question = QuestionOf.Target(network, options.Target, ScoreRule.Auto, Labels);
        if (options.Target is BoxTarget { Sides: [var left, var top, var right, var bottom] } && (right <= 0 || bottom <= 0 || (sizes.Larger is null && (left >= network.Shape.Width || top >= network.Shape.Height))))
        {
            throw new ArgumentException(FormattableString.Invariant($"The target is {options.Target}, and the network '{network.Name}' takes images of {network.Shape.Height} x {network.Shape.Width} (height x width). A baked file knows no photos, so the box is given in pixels of the network's input: left, top, width and height within it."));
        }

        Answer = (question, network.Layout) switch
        {
            (_, not OutputLayout.ScoreVector) when given is not null => throw new ArgumentException($"The network '{network.Name}' gives {network.Layout}, and a class by input is for networks that give one vector an image. Name the class."),
            (SimilarityQuestion { Reference: { } reference }, _) => LikenessSeed.Write(writer, outputs, reference, type),
            (RegionQuestion region, _) => new RegionSeed(writer, region, AtPlace, type).Write(outputs),
            (BoxQuestion box, _) => new BoxSeed(writer, box, AtPlace, (options.Target as BoxTarget)?.Sides, () => sizes.Write(writer), type).Write(outputs),
            _ => null,
        };
        if (Answer is not null)
        {
            Classes = Answer.Classes;
            return new AskedSeed.OfOutputs(Answer.Gradient);
        }

        // One output of a regression is itself; classes have logits.
        Reading = options.Target is OutputTarget ? null : ScoreReading.Of(network);
        _target = new TargetSeed(writer, options.Target, given, Reading?.ClassCount ?? network.Layout.Numbers, type, IndexOf);
        IReadOnlyList<ScoreSeed> logits = _target.Of(Reading?.Logits(writer, outputs, type) ?? outputs);
        Classes = _target.Classes;
        return new AskedSeed.OfScores(Reading is null ? logits : [.. logits.Select(logit => Reading.OfScore(writer, logit, outputs, type))]);
    }

    private IReadOnlyList<string>? Labels => options.Labels ?? network.Labels;

    private AskedOfPlace AtPlace => new(Named(options.Target.ClassPart), (options.Target as ContrastTarget)?.Gamma, Named(options.Target.AgainstPart));

    // The class that is named; null for the one that the network finds.
    private int? Named(SaliencyTarget? part) => part switch
    {
        ClassTarget { Index: int index } => index < ClassesOfPlace ? index
            : throw new ArgumentException($"The target is class {index}, and the network gives scores of {ClassesOfPlace} classes; they count from 0."),
        NamedClassTarget { Name: string name } => IndexOf(name),
        _ => null,
    };

    private int IndexOf(string name)
    {
        if (Labels is not { } labels)
        {
            throw new ArgumentException($"The target class '{name}' is given by name, and there are no labels. Give the labels, or the class as an index.");
        }

        int index = labels.ToList().IndexOf(name);
        return index >= 0 ? index : throw new ArgumentException($"There is no class named '{name}' among the {labels.Count} labels.{NearNames.Hint(name, labels)}");
    }
}
