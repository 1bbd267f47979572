using System.CommandLine;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam explain: photos in; maps, overlays, a table and a report out.</summary>
internal static class ExplainCommand
{
    public static System.CommandLine.Command Create()
    {
        var images = new Argument<string[]>("IMAGE|DIR|GLOB") { Description = "Photos (JPEG, PNG, WebP), folders of them, or patterns; .npy files are tensors [3,H,W] that are taken as they are.", Arity = ArgumentArity.OneOrMore };
        var model = new Option<string>("--model", "-m") { Description = "The network, an ONNX file.", Required = true, HelpName = "FILE" };
        Option<string> output = CommonOptions.Output("abscam-output");
        var labels = new Option<string?>("--labels") { Description = "The names of the classes, one a line.", HelpName = "FILE" };
        Option<string> method = CommonOptions.Choice("--method", "The method.", "abs-cam", ("abs-cam", "abs-cam"));
        Option<SaliencyPhase> phase = CommonOptions.Choice("--phase", "The map of phase 1 (one forward pass an image) or of phase 2. Default: final", SaliencyPhase.Final, ("initial", SaliencyPhase.Initial), ("final", SaliencyPhase.Final));
        Option<MaskReading> masks = CommonOptions.Choice("--masks", "How phase 2 combines the masked scores. Default: weighted", MaskReading.Weighted, ("weighted", MaskReading.Weighted), ("per-channel", MaskReading.PerChannel), ("whole", MaskReading.Whole));
        var tolerance = new Option<double>("--tolerance") { Description = "How far a pixel of a weighted map may be from the exact one, for fewer forward passes. Default: 0", HelpName = "0..1" };
        var target = new Option<string>("--target") { Description = "The class to explain: the predicted one, the K highest, a class by name or index, or one an image from a CSV file with the columns image and target. Default: predicted", HelpName = "predicted|top:K|CLASS|@FILE.csv", DefaultValueFactory = _ => "predicted" };
        var layer = new Option<string?>("--layer") { Description = "The feature layer, as 'abscam layers' names it. Default: its pick", HelpName = "NAME" };
        var truth = new Option<string?>("--truth") { Description = "What the pictures show, to count how often the network is right: the name of the folder they are in, or a CSV file with the columns image and target.", HelpName = "folder|@FILE.csv" };
        var save = new Option<string>("--save") { Description = "What to write beside results.csv. Default: npy,overlay,report", HelpName = "npy,overlay,report", DefaultValueFactory = _ => "npy,overlay,report" };
        var batch = new Option<int>("--batch") { Description = "How many images go through the network at once. Default: 8", HelpName = "N", DefaultValueFactory = _ => 8 };
        var maxPixels = new Option<long>("--max-pixels") { Description = "Photos with more pixels are refused before they are decoded. Default: 100000000", HelpName = "N", DefaultValueFactory = _ => new ImageFileOptions().MaxPixels };
        Option<bool> stop = CommonOptions.Choice("--on-error", "Go on after an image that cannot be explained, or stop. Default: skip", false, ("skip", false), ("stop", true));
        Option<bool> quiet = CommonOptions.Quiet();
        var preprocessing = new PreprocessingOptions();
        var command = new System.CommandLine.Command("explain", "Explain photos: saliency maps, overlays, a table and a report.")
        {
            images, model, output, labels, method, phase, masks, tolerance, target, layer, truth, save, batch, maxPixels, stop, quiet,
        };
        preprocessing.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            IReadOnlyList<string>? names = parsed.GetValue(labels) is { } labelFile ? LabelFile.Read(labelFile) : null;
            TargetOption asked = TargetOption.Parse(parsed.GetValue(target)!, names);
            IReadOnlyList<InputFile> files = InputFiles.Find(parsed.GetValue(images)!);
            using ImageNetwork network = preprocessing.Open(parsed, parsed.GetValue(model)!);
            var settings = new ExplainSettings
            {
                Files = files,
                Network = network,
                Output = parsed.GetValue(output)!,
                Targets = asked.ByImage,
                Truth = Truth(parsed.GetValue(truth), files),
                Save = ParseSave(parsed.GetValue(save)!),
                StopOnError = parsed.GetValue(stop),
                Decoding = new ImageFileOptions { MaxPixels = parsed.GetValue(maxPixels) },
                Options = new AbsCamOptions
                {
                    Labels = names,
                    Target = asked.Target,
                    Phase = parsed.GetValue(phase),
                    Masks = parsed.GetValue(masks),
                    Tolerance = parsed.GetValue(tolerance),
                    Layer = parsed.GetValue(layer),
                    BatchSize = parsed.GetValue(batch),
                    Preprocessing = preprocessing.For(parsed, network),
                },
            };
            return Task.FromResult(RunCommand.Run(settings, parsed.GetValue(quiet), cancellation));
        });
        return command;
    }

    private static Dictionary<string, string>? Truth(string? text, IReadOnlyList<InputFile> files) => text switch
    {
        null => null,
        "folder" => files.ToDictionary(file => file.Name, file => new DirectoryInfo(Path.GetDirectoryName(Path.GetFullPath(file.Path))!).Name),
        _ when text.StartsWith('@') => TargetOption.ReadFile(text[1..]),
        _ => throw new UsageException($"--truth {text}: 'folder' or @FILE.csv is expected."),
    };

    private static SaveKinds ParseSave(string text)
    {
        SaveKinds kinds = SaveKinds.None;
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            kinds |= word switch
            {
                "npy" => SaveKinds.Npy,
                "overlay" => SaveKinds.Overlay,
                "report" => SaveKinds.Report,
                _ => throw new UsageException($"--save {word}: npy, overlay and report can be saved."),
            };
        }

        return kinds;
    }
}
