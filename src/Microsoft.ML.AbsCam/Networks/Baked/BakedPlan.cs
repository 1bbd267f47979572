using System.Globalization;

namespace Microsoft.ML.AbsCam.Networks.Baked;

/// <summary>What a baked file says of itself among its metadata: all that an explanation takes besides running it.</summary>
internal sealed record BakedPlan
{
    /// <summary>What <see cref="Target"/> is where the class comes in by an input.</summary>
    public const string OfInput = "input";

    /// <summary>What <see cref="Against"/> is of the class that is highest besides the explained one.</summary>
    public const string RunnerUp = "runner-up";

    /// <summary>The version of what is said here of classes. A file of another one is imported like any model.</summary>
    public const string Version = "1";

    /// <summary>The version of what is said of places and likenesses, which programs that know the first alone would misread.</summary>
    public const string VersionOfQuestions = "2";

    /// <summary>What all keys begin with.</summary>
    public const string Prefix = "abscam.";

    /// <summary>The method's name.</summary>
    public required string Method { get; init; }

    /// <summary>What is asked, in words; <see cref="OfInput"/> where the class comes in by an input.</summary>
    public required string Target { get; init; }

    /// <summary>The layer.</summary>
    public required FeatureLayer Layer { get; init; }

    /// <summary>Whether maps have the layer's size, and not the input's.</summary>
    public required bool AtLayerSize { get; init; }

    /// <summary>The SHA-256 of the file that was baked.</summary>
    public required string Model { get; init; }

    /// <summary>The image input.</summary>
    public required string Input { get; init; }

    /// <summary>The format's element type of the image input.</summary>
    public required int InputType { get; init; }

    /// <summary>Whether it is [batch, height, width, channels].</summary>
    public required bool ChannelsLast { get; init; }

    /// <summary>Sizes of the input, at which the file was baked, and how many scores there are.</summary>
    public required NetworkShape Shape { get; init; }

    /// <summary>Whether the file takes images of other heights and widths too.</summary>
    public required bool SizeIsOpen { get; init; }

    /// <summary>Whether the file is right for one image at a time alone.</summary>
    public required bool IsOfOne { get; init; }

    /// <summary>The value that holds the scores, an output or not.</summary>
    public required string Scores { get; init; }

    /// <summary>Whether the file has it among its outputs.</summary>
    public required bool ScoresAreOutput { get; init; }

    /// <summary>What they are.</summary>
    public required ScoreEvidence Evidence { get; init; }

    /// <summary>The output of the maps.</summary>
    public required string Saliency { get; init; }

    /// <summary>The output of the classes.</summary>
    public required string Classes { get; init; }

    /// <summary>The input of the classes; null where the file finds them.</summary>
    public string? Given { get; init; }

    /// <summary>The class that is explained, by its index; null where the network finds it, or the input brings it.</summary>
    public int? Class { get; init; }

    /// <summary>The class that it is told from, by its index, or <see cref="RunnerUp"/>; null of no contrast, or of the predicted class, which is the highest besides the explained one too.</summary>
    public string? Against { get; init; }

    /// <summary>Of a contrast, how much of the other class is taken off; else null.</summary>
    public double? Gamma { get; init; }

    /// <summary>The place of the one output that is explained as it is, and 1, or -1 for what lowers it; null of classes.</summary>
    public int? Output { get; init; }

    /// <inheritdoc cref="Output"/>
    public int Sign { get; init; } = 1;

    /// <summary>How the value that holds the scores lies; null for a vector of <see cref="NetworkShape.ClassCount"/>.</summary>
    public OutputLayout? Layout { get; init; }

    /// <summary>What is answered besides which class; null where nothing is.</summary>
    public BakedQuestion? Question { get; init; }

    /// <summary>The names of the classes; null where there are none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>
    /// Of a graph that this library runs for itself, values that judge each map: its range before it was normalised, the range that it has to have, and whether it is
    /// rounding alone, 1 or 0. Null of a file, whose maps say by NaN that there is nothing to be seen.
    /// </summary>
    public (string Range, string FlatRange, string IsRounding)? Judges { get; init; }

    /// <summary>What the file is to say.</summary>
    public IEnumerable<KeyValuePair<string, string>> Said => Facts.Where(fact => fact.Value is not null).Select(fact => KeyValuePair.Create(Prefix + fact.Key, fact.Value!));

    private IEnumerable<KeyValuePair<string, string?>> Facts => new Dictionary<string, string?>
    {
        ["plan"] = Question is null ? Version : VersionOfQuestions,
        ["method"] = Method,
        ["target"] = Target,
        ["model.sha256"] = Model,
        ["map"] = AtLayerSize ? "layer" : "input",
        ["layer"] = Layer.Name,
        ["layer.operator"] = Layer.Operator,
        ["layer.shape"] = Text(Layer.Channels, Layer.Height, Layer.Width),
        ["layer.kind"] = Layer.Kind.ToString(),
        ["layer.verdict"] = Layer.Verdict,
        ["layer.reason"] = Layer.Reason,
        ["layer.is.default"] = Layer.IsDefault ? "yes" : "no",
        ["layer.tokens"] = Text(Layer.Tokens),
        ["layer.stride"] = Text(Layer.Stride),
        ["layer.field"] = Text(Layer.ReceptiveField),
        ["layer.work"] = Text(Layer.WorkBefore),
        ["input"] = Input,
        ["input.type"] = Text(InputType),
        ["input.layout"] = ChannelsLast ? "NHWC" : "NCHW",
        ["input.shape"] = Text(Shape.Channels, Shape.Height, Shape.Width),
        ["input.size"] = SizeIsOpen ? "open" : "fixed",
        ["batch"] = IsOfOne ? "one" : "any",
        ["scores"] = Scores,
        ["scores.place"] = ScoresAreOutput ? "output" : "inside",
        ["scores.count"] = Text(Shape.ClassCount),
        ["scores.kind"] = Evidence.Kind.ToString(),
        ["scores.total"] = Text(Evidence.Total),
        ["scores.finding"] = Evidence.Finding,
        ["saliency"] = Saliency,
        ["saliency.class"] = Classes,
        ["given"] = Given,
        ["class"] = Text(Class),
        ["against"] = Against,
        ["gamma"] = Text(Gamma),
        ["output"] = Text(Output),
        ["sign"] = Text(Sign),
        ["layout"] = Layout is null ? null : LayoutText.Of(Layout),
        ["question"] = Question?.Kind.ToString(),
        ["question.shown"] = Question?.Shown,
        ["question.place"] = Question?.Place,
        ["question.against"] = Question?.Against,
        ["question.sides"] = Question?.Sides is { } sides ? string.Join(' ', sides.Select(side => Text(side))) : null,
        ["question.reference"] = Question?.Reference is { } reference ? Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(reference)) : null,
        ["labels"] = Labels is null ? null : string.Join('\n', Labels),
    };

    private static string? Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(params ReadOnlySpan<int> sizes) => string.Join(',', sizes.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture)));
}
