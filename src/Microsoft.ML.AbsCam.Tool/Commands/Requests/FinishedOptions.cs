using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>The options of a finished run: whoever asks more of it need not say them again, and cannot say others.</summary>
internal static class FinishedOptions
{
    private const string NoLayer = "default";

    // What maps and classes mean. What else a run depends on shows in last digits, and the maps themselves are compared.
    private static readonly string[] Deciding = ["model", "labels", "task", "target", "layer", "fusion", "scores", "preprocessing", "method"];

    /// <summary>Takes what the request leaves open from the run, before the network is opened.</summary>
    public static void Take(FinishedRun run, AuditRequest request)
    {
        // Rows say their classes, whether these were predicted, named or from a file.
        run.CheckThatItExplainsClasses();
        if (ContentHash.OfFile(request.Model) != run.Identity.GetValueOrDefault("model"))
        {
            throw OtherwiseMade(run, ["model"]);
        }

        AbsCamOptions options = request.Options with { Method = request.Method ?? SaliencyMethod.Parse(run.Identity.GetValueOrDefault("method", SaliencyMethod.AbsCam.Name)) };
        if (options.Layers is null && run.Identity.GetValueOrDefault("layer", NoLayer) is var layers and not NoLayer)
        {
            options = options with { Layers = layers.Split(" + ") };
        }

        if (options.Fusion == default && Parse<LayerFusion>(run, "fusion") is { } fusion)
        {
            options = options with { Fusion = fusion };
        }

        if (run.Identity.GetValueOrDefault("scores")?.Split(", ", 2) is [var rule, var output])
        {
            options = options.ScoreRule == default && Enum.TryParse(rule, out ScoreRule known) ? options with { ScoreRule = known } : options;
            request.ScoresOutput ??= output.Length > 0 ? output : null;
        }

        ImagePreprocessing? seen = run.Preprocessing;
        request.Options = request.Preprocessing.IsUsual ? options with { Preprocessing = seen } : options;
        request.Size ??= seen is null ? null : (seen.Height, seen.Width);
        request.Task = request.Task == NetworkTask.Auto ? Parse<NetworkTask>(run, "task") ?? NetworkTask.Auto : request.Task;
        bool wasReduced = run.Identity.GetValueOrDefault("decoding") is { } decoding && !decoding.StartsWith(',');
        request.Decode ??= wasReduced && request.BoxPath is null && request.ObjectMaskPath is null ? Decoding.Reduced : null;
    }

    /// <summary>Refuses a request that asks something else of the run than it answers.</summary>
    /// <param name="run">The run.</param>
    /// <param name="request">The request, settled.</param>
    /// <param name="asked">What its results depend on, by name.</param>
    /// <exception cref="UsageException">The model is another, or an option says something else.</exception>
    public static void Check(FinishedRun run, AuditRequest request, IReadOnlyDictionary<string, string> asked)
    {
        if (run.Maps.Missing is { } row)
        {
            throw new UsageException($"The run in '{run.Folder}' kept no maps (none of '{row.Name}'), and an audit reads them. Explain with --save npy or --save parquet, or give the photos to 'abscam audit', which explains them itself.");
        }

        string[] differences = [.. Deciding.Where(name => (name != "target" || request.TargetText != UsualTarget.Text) && asked.GetValueOrDefault(name) != run.Identity.GetValueOrDefault(name))];
        if (differences.Length > 0)
        {
            throw OtherwiseMade(run, differences);
        }
    }

    private static UsageException OtherwiseMade(FinishedRun run, string[] differences) => new(
        $"The run in '{run.Folder}' was made otherwise (other {string.Join(", ", differences)}), so its maps do not speak of what is asked. {(differences.Contains("labels") ? "Give the --labels that it was made with" : "Give the --model that it was made with, and leave the other options to the run")}; or give the photos in its place, to explain them anew into another --output.");

    private static T? Parse<T>(FinishedRun run, string name)
        where T : struct, Enum
        => Enum.TryParse(run.Identity.GetValueOrDefault(name), out T value) ? value : null;
}
