using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Report;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>What stands above the report of a run.</summary>
internal static class RunHeader
{
    public static ReportHeader Of(ExplainSettings settings, ExplainedLayers layers, int count)
    {
        AbsCamOptions options = settings.Options;
        ImagePreprocessing preprocessing = options.PreprocessingFor(settings.Network);
        return new ReportHeader(
            settings.Title,
            settings.Network.Name,
            Words(options.Method),
            layers.Names,
            $"{count} pictures went through a network that tells {settings.Network.Shape.ClassesUnder(settings.Options.ScoreRule)} classes apart. For each, a map shows which parts of the picture spoke for the class.",
            [
                .. layers.Layers.Count == 0 ? Array.Empty<(string, string)>() : [("Layer size", string.Join(", ", layers.Layers.Select(layer => $"{layer.Channels} maps of {layer.Height} x {layer.Width}")))],
                .. options.ScoresOutput is string output ? [("Scores", $"of the output '{output}'")] : Array.Empty<(string, string)>(),
                ("Explained", settings.Targets is null ? options.Target.ToString() : "a class for each picture, from a file"),
                .. options is { Tolerance: > 0, Method.UsesTolerance: true } ? [("Tolerance", Words(options.Tolerance, options.ToleranceKind))] : Array.Empty<(string, string)>(),
                ("Seen", PreprocessingText.Of(preprocessing)),
                ("Version", ProgramVersion.Text),
            ])
        { ColorMap = options.Overlay.ColorMap };
    }

    private static string Words(SaliencyMethod method)
    {
        string? reading = method == SaliencyMethod.AbsCam ? "final map (phase 2), weighted reading"
            : method == SaliencyMethod.AbsCamInitial ? "initial map (phase 1)"
            : method == SaliencyMethod.AbsCamPerChannel ? "final map (phase 2), per-channel reading"
            : method == SaliencyMethod.AbsCamPerChannelLogit ? "final map (phase 2), per-channel-logit reading"
            : method == SaliencyMethod.AbsCamWhole ? "final map (phase 2), whole reading"
            : null;
        return reading is null ? method.Name : $"Abs-CAM, {reading} ({method.Name})";
    }

    private static string Words(double tolerance, ToleranceKind kind) => string.Create(CultureInfo.InvariantCulture,
        $"{tolerance}, {(kind == ToleranceKind.Guaranteed ? "which no pixel is further off" : "the mean difference to be expected from the exact maps")}");
}
