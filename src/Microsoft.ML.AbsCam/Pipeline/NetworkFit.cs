using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Pipeline.Columns;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>Whether columns and options fit the network, as far as its shape is known: as early as the file's header tells, and in full once the network is read.</summary>
internal static class NetworkFit
{
    /// <param name="network">The network's name.</param>
    /// <param name="shape">What is known of its shape.</param>
    /// <param name="levels">The whole numbers that it takes; null for real ones.</param>
    /// <param name="input">The column.</param>
    /// <param name="preprocessing">What photos go through, where that is said.</param>
    /// <param name="options">Whose option the preprocessing is.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column's images have another size than the network's.</exception>
    /// <exception cref="ArgumentException">The preprocessing makes another size than the network's.</exception>
    public static void CheckInput(string network, KnownShape shape, IntegerLevels? levels, InputColumn input, ImagePreprocessing? preprocessing, string options = nameof(AbsCamOptions))
    {
        string wanted = $"{Text(shape.Channels)},{Text(shape.Height)},{Text(shape.Width)}";
        if (input.IsImage)
        {
            if (shape.Channels is int channels and not (1 or 3))
            {
                throw new SchemaErrors("input", $"vector of Single with dimensions [{wanted}], because the network '{network}' takes {channels} channels and photos have three, or one of grey levels")
                    .Mismatch(input.Column.Name, input.Column.Type.ToString(), nameof(input));
            }

            if (preprocessing is not null)
            {
                EffectivePreprocessing.Check(network, shape.Channels, levels, preprocessing);
            }

            if (preprocessing is not null && (Differs(shape.Height, preprocessing.Height) || Differs(shape.Width, preprocessing.Width)))
            {
                throw new ArgumentException(
                    $"{options}.{nameof(AbsCamOptions.Preprocessing)} makes images of {preprocessing.Height} x {preprocessing.Width}, and the network '{network}' takes {Text(shape.Height)} x {Text(shape.Width)} (height x width).");
            }
        }
        else if (Differs(shape.Channels, input.Channels) || Differs(shape.Height, input.Height) || Differs(shape.Width, input.Width))
        {
            throw new SchemaErrors("input", $"vector of Single with dimensions [{wanted}] or [{Text(shape.Height)},{Text(shape.Width)},{Text(shape.Channels)}], as the network '{network}' takes it")
                .Mismatch(input.Column.Name, input.Column.Type.ToString(), nameof(input));
        }
    }

    /// <exception cref="ArgumentException">There are other labels or targets than the network has classes.</exception>
    /// <param name="network">The network's name.</param>
    /// <param name="known">What is known of its shape.</param>
    /// <param name="options">What was asked for.</param>
    public static void CheckClasses(string network, KnownShape known, AbsCamOptions options)
    {
        if (known.ClassCount is not int scores)
        {
            return;
        }

        int classes = ClassCount(scores, known.OneScoreIsOneClass, options);
        if (options.Labels is not null && options.AsksOfClasses && options.Labels.Count != classes)
        {
            throw new ArgumentException($"There are {options.Labels.Count} labels, and the network '{network}' scores {classes} classes. Give one label a class, in the order of the scores.");
        }

        foreach (SaliencyTarget part in options.Target.Parts)
        {
            CheckTarget(network, scores, known.OneScoreIsOneClass, options with { Target = part });
        }
    }

    private static void CheckTarget(string network, int scores, bool oneScoreIsOneClass, AbsCamOptions options)
    {
        int classes = ClassCount(scores, oneScoreIsOneClass, options);
        foreach (ClassTarget target in new[] { options.Target.ClassPart, options.Target.AgainstPart }.OfType<ClassTarget>())
        {
            if (target.Index >= classes)
            {
                throw new ArgumentException($"The target class {target.Index} does not exist: the network '{network}' scores {classes} classes, 0 to {classes - 1}.");
            }
        }

        if (options.TargetsPerRow > classes)
        {
            throw new ArgumentException($"The top {options.TargetsPerRow} classes are asked for, and the network '{network}' scores {classes}.");
        }
    }

    /// <summary>How many classes, or other numbers that can be asked about, a row has.</summary>
    public static int ClassCount(NetworkShape shape, AbsCamOptions options) => ClassCount(shape.ClassCount, shape.OneScoreIsOneClass, options);

    private static int ClassCount(int scores, bool oneScoreIsOneClass, AbsCamOptions options) => options.Target switch
    {
        SeveralTarget several => several.Targets.Max(part => ClassCount(scores, oneScoreIsOneClass, options with { Target = part })),
        SimilarityTarget or OwnTarget => 1,
        OutputTarget => scores,
        _ => NetworkShape.ClassesOf(scores, options.ScoreRule, oneScoreIsOneClass),
    };

    /// <summary>The options with the class names that the network's file holds, where nobody gave others; without any where no class is asked about.</summary>
    public static AbsCamOptions WithOwnLabels(ImageNetwork network, AbsCamOptions options) =>
        !options.AsksOfClasses ? options with { Labels = null }
        : options.Labels is null && network.Labels is { } own && own.Count == ClassCount(network.Shape, options) ? options with { Labels = own } : options;

    /// <exception cref="ArgumentException">Another output is explained than the options name.</exception>
    public static void CheckScoresOutput(ImageNetwork network, AbsCamOptions options)
    {
        if (options.ScoresOutput is string asked && !network.IsScoresOutput(asked))
        {
            throw new ArgumentException($"{nameof(AbsCamOptions)}.{nameof(AbsCamOptions.ScoresOutput)} is '{asked}', and the network '{network.Name}' was opened for {(network.ScoresOutput is string own ? $"'{own}'" : "its only scores")}. Give the name to {nameof(ImageNetwork)}.{nameof(ImageNetwork.FromOnnx)} where the network is opened, or leave it out.");
        }
    }

    /// <exception cref="ArgumentException">The network's output cannot be what the options say, or the question is none for such a network.</exception>
    public static void CheckTask(ImageNetwork network, AbsCamOptions options)
    {
        NetworkTask task = options.Task == NetworkTask.Auto ? network.Task : options.Task;
        if (task != network.Layout.Task && !(network.Layout is OutputLayout.ScoreVector && task is NetworkTask.Embed or NetworkTask.Regress))
        {
            throw new ArgumentException($"{nameof(AbsCamOptions)}.{nameof(AbsCamOptions.Task)} is {task}, and the network '{network.Name}' gives {network.Layout}, which is no output of a network that {TaskText.Verb(task)}.");
        }

        SaliencyTarget? wrong = options.Target.Parts.FirstOrDefault(part => AskedWith(network, task, part) is not null);
        if (wrong is not null)
        {
            throw new ArgumentException($"The network '{network.Name}' is taken to {TaskText.Infinitive(task)}, and has no classes: {wrong} cannot be asked. Ask with {AskedWith(network, task, wrong)}.");
        }
    }

    // How to ask a network without classes; null where the target does.
    private static string? AskedWith(ImageNetwork network, NetworkTask task, SaliencyTarget target) => (task, target) switch
    {
        (_, OwnTarget) => null,
        (NetworkTask.Embed, not SimilarityTarget) => $"{nameof(SaliencyTarget)}.{nameof(SaliencyTarget.Similar)}, in the command --target similar:FILE",
        (NetworkTask.Regress, not OutputTarget) => $"{nameof(SaliencyTarget)}.{nameof(SaliencyTarget.Output)}, in the command --target output:0{(network.Layout.Numbers > 1 ? $" to output:{network.Layout.Numbers - 1}" : "")}",
        _ => null,
    };

    public static ArgumentException OverlayOfVectors(string overlayColumn, string inputColumn)
        => new($"The overlay column '{overlayColumn}' needs photos, and '{inputColumn}' holds vectors. Leave it out, or give an image column.");

    private static bool Differs(int? wanted, int given) => wanted is int size && size != given;

    private static string Text(int? size) => size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?";
}
