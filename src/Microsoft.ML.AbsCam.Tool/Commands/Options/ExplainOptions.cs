using System.Globalization;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;
using Microsoft.ML.AbsCam.Tool.Shards;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>The options of 'explain'.</summary>
internal static class ExplainOptions
{
    public static OptionTable<ExplainRequest> Table() => new(
    [
        NetworkOptions.Model(),
        RunOptions.Output("abscam-output"),
        .. Method(),
        .. MapOptions.All(),
        MapOptions.Targets("predicted|top:K|CLASS|@FILE.csv|KIND:…", "What to explain: the predicted class, the K highest, a class by name or index, or one an image from a CSV file with the columns image and target. Other kinds of questions: contrast:CLASS, contrast:runner-up or contrast:@FILE.csv (the predicted class against another), contrast:both:CLASS (and the other against it), output:J or output:J:low (one number of the output, or what makes it small), region:CLASS (of a network that scores pixels), box:best, box:CLASS or box:LEFT,TOP,WIDTH,HEIGHT (of a detector), similar:FILE (the likeness to another picture). Given more than once, each question has a map of its own, and they share the passes through the network."),
        .. Tolerance(),
        .. PreprocessingOptions.All(),
        MapOptions.Decode("Decode large JPEG photos at a fraction of their size, still at least twice what the network sees, or whole. Overlays have the photo's own size either way. [default: reduced]"),
        .. NetworkOptions.Opening(),
        .. Results(),
        RunOptions.Resume(),
        RunOptions.Overwrite(),
        RunOptions.Quiet(),
    ]);

    private static ICommandOption<ExplainRequest>[] Method() =>
    [
        new CommandOption<ExplainRequest, SaliencyMethod>(MethodOption.Syntax(), (request, method) => request.Method = request.Method with { Named = method })
        {
            OnPages = ("Method", request => MethodText.Of(request.Options.Method)),
            InJournals = ("method", request => request.Options.Method.Name),
        },
        new CommandOption<ExplainRequest, SaliencyMethod>(
            OptionSyntax.Choice("--phase", "For abs-cam: the map of phase 1 (one forward pass an image) or of phase 2. [default: final]", ("initial", SaliencyMethod.AbsCamInitial), ("final", SaliencyMethod.AbsCam)),
            (request, method) => request.Method = request.Method with { OfPhase = method }),
        new CommandOption<ExplainRequest, SaliencyMethod>(
            OptionSyntax.Choice(
                "--masks",
                "For abs-cam: how phase 2 combines the masked scores. [default: weighted]",
                ("weighted", SaliencyMethod.AbsCam),
                ("per-channel", SaliencyMethod.AbsCamPerChannel),
                ("per-channel-logit", SaliencyMethod.AbsCamPerChannelLogit),
                ("whole", SaliencyMethod.AbsCamWhole)),
            (request, method) => request.Method = request.Method with { OfMasks = method }),
    ];

    private static ICommandOption<ExplainRequest>[] Tolerance() =>
    [
        new CommandOption<ExplainRequest, double>(
            OptionSyntax.Number("--tolerance", "How far a weighted map of values from 0 to 1 may be from the exact one, for fewer forward passes. [default: 0]", 0.0, Math.BitDecrement(1.0), "a distance from 0 to below 1"),
            (request, tolerance) => request.Options = request.Options with { Tolerance = tolerance })
        {
            OnPages = ("Tolerance", request => request.Options is { Tolerance: > 0, Method.UsesTolerance: true } options
                ? string.Create(CultureInfo.InvariantCulture, $"{options.Tolerance}, {(options.ToleranceKind == ToleranceKind.Guaranteed ? "which no pixel is further off" : "the mean difference to be expected from the exact maps")}")
                : null),
        },
        new CommandOption<ExplainRequest, ToleranceKind>(
            OptionSyntax.Choice("--tolerance-kind", "What --tolerance speaks of: the mean difference of a pixel, as it is to be expected, or the largest that is possible. [default: expected]", ("expected", ToleranceKind.Expected), ("guaranteed", ToleranceKind.Guaranteed)),
            (request, kind) => request.Options = request.Options with { ToleranceKind = kind }),
    ];

    private static ICommandOption<ExplainRequest>[] Results() =>
    [
        new CommandOption<ExplainRequest, string>(
            RunOptions.TruthSyntax("to count how often the network is right"),
            (request, truth) => request.TruthText = truth)
        {
            InJournals = ("truth", request => request.TruthText is null ? "none" : ContentHash.OfText(request.TruthText)),
        },
        new CommandOption<ExplainRequest, string>(
            OptionSyntax.Text("--save", "npy,overlay,report,parquet", "What to write beside results.csv: maps as NumPy files, overlays as PNG pictures of the photos' own size, a page that draws overlays itself, maps and rows as Parquet files.", "npy,report"),
            (request, words) => request.Save = SaveKindsOf(words))
        {
            InJournals = ("outputs", request => request.Save.ToString()),
        },
        new CommandOption<ExplainRequest, ParquetMaps>(
            OptionSyntax.Choice("--parquet-maps", "Maps in Parquet files as lists of float, or of bytes with a scale, a quarter of the size and up to 0.002 off. [default: float]", ("float", ParquetMaps.Single), ("byte", ParquetMaps.Byte)),
            (request, maps) => request.ParquetMaps = maps)
        {
            InJournals = ("parquet", request => string.Create(CultureInfo.InvariantCulture, $"{request.ParquetMaps} {request.ParquetImages}")),
        },
        new CommandOption<ExplainRequest, int>(
            OptionSyntax.Number("--parquet-images", "How many images a Parquet file holds, rounded to whole batches. [default: 32 MB of maps]", 1, 1_000_000),
            (request, images) => request.ParquetImages = images),
        new CommandOption<ExplainRequest, ErrorRule>(
            OptionSyntax.Choice("--on-error", "Go on after an image that cannot be explained, or stop. [default: skip]", ("skip", ErrorRule.Skip), ("stop", ErrorRule.Stop)),
            (request, rule) => request.OnError = rule),
        new CommandOption<ExplainRequest, string>(
            OptionSyntax.Text("--shard", "INDEX/COUNT|auto|auto/COUNT", "Explain one part of the files, and let other workers explain the others: INDEX/COUNT, counted from 0; or 'auto' in a task of a Slurm, Kubernetes, AWS Batch or Azure Batch array. Results go into a folder below --output, and 'abscam merge' joins them."),
            (request, text) => request.Shard = ShardOption.Parse(text, Environment.GetEnvironmentVariable)),
    ];

    private static SaveKinds SaveKindsOf(string text)
    {
        SaveKinds kinds = SaveKinds.None;
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            kinds |= word switch
            {
                "npy" => SaveKinds.Npy,
                "overlay" => SaveKinds.Overlay,
                "report" => SaveKinds.Report,
                "parquet" => SaveKinds.Parquet,
                _ => throw new UsageException($"--save {word}: npy, overlay, report and parquet can be saved."),
            };
        }

        return kinds;
    }
}
