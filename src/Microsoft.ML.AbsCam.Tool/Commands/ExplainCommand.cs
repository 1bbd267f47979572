using System.CommandLine;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.AbsCam.Tool.Shards;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam explain: photos in; maps, overlays, a table and a report out.</summary>
internal static class ExplainCommand
{
    public static System.CommandLine.Command Create()
    {
        var images = new Argument<string[]>("IMAGE|DIR|GLOB") { Description = "Photos (JPEG, PNG, WebP, GIF, BMP), folders of them, or patterns; .npy files are tensors [channels,height,width] that are taken as they are.", Arity = ArgumentArity.OneOrMore };
        var model = new Option<string>("--model", "-m") { Description = "The network, an ONNX file.", Required = true, HelpName = "FILE" };
        Option<string> output = CommonOptions.Output("abscam-output");
        var labels = new Option<string?>("--labels") { Description = "The names of the classes, one a line.", HelpName = "FILE" };
        Option<SaliencyMethod?> method = CommonOptions.Method();
        var reading = new AbsCamReading();
        Option<double?> tolerance = CommonOptions.Number("--tolerance", "How far a weighted map of values from 0 to 1 may be from the exact one, for fewer forward passes. [default: 0]", 0.0, Math.BitDecrement(1.0), "a distance from 0 to below 1");
        Option<ToleranceKind?> toleranceKind = CommonOptions.Choice("--tolerance-kind", "What --tolerance speaks of: the mean difference of a pixel, as it is to be expected, or the largest that is possible. [default: expected]", ("expected", ToleranceKind.Expected), ("guaranteed", ToleranceKind.Guaranteed));
        var target = new Option<string>("--target") { Description = "The class to explain: the predicted one, the K highest, a class by name or index, or one an image from a CSV file with the columns image and target.", HelpName = "predicted|top:K|CLASS|@FILE.csv", DefaultValueFactory = _ => "predicted" };
        var layer = new Option<string[]>("--layer") { Description = "The feature layer, as 'abscam layers' names it; given more than once, their maps are combined. Default: its pick", HelpName = "NAME" };
        Option<LayerFusion?> fusion = CommonOptions.Choice("--fusion", "How the maps of several layers are combined. [default: product]", ("product", LayerFusion.Product), ("mean", LayerFusion.Mean));
        Option<ScoreRule?> scores = CommonOptions.Scores();
        Option<NetworkEngine?> engine = CommonOptions.Choice("--engine", "What computes forward passes. [default: ONNX Runtime where it can be]", ("auto", NetworkEngine.Auto), ("onnxruntime", NetworkEngine.OnnxRuntime), ("torchsharp", NetworkEngine.TorchSharp));
        var truth = new Option<string?>("--truth") { Description = "What the pictures show, to count how often the network is right: the name of the folder they are in, or a CSV file with the columns image and target.", HelpName = "folder|@FILE.csv" };
        var save = new Option<string>("--save") { Description = "What to write beside results.csv: maps as NumPy files, overlays, a page, maps and rows as Parquet files.", HelpName = "npy,overlay,report,parquet", DefaultValueFactory = _ => "npy,overlay,report" };
        Option<ParquetMaps?> parquetMaps = CommonOptions.Choice("--parquet-maps", "Maps in Parquet files as lists of float, or of bytes with a scale, a quarter of the size and up to 0.002 off. [default: float]", ("float", ParquetMaps.Single), ("byte", ParquetMaps.Byte));
        Option<int?> parquetImages = CommonOptions.Number("--parquet-images", "How many images a Parquet file holds, rounded to whole batches. [default: 32 MB of maps]", 1, 1_000_000);
        Option<int?> batch = CommonOptions.Number("--batch", "How many images go through the network at once. [default: 8]", 1, 4096);
        Option<long?> maxPixels = CommonOptions.Number("--max-pixels", "Photos with more pixels are refused before they are decoded. [default: 100000000]", 1L, int.MaxValue / 4);
        Option<ErrorRule?> onError = CommonOptions.Choice("--on-error", "Go on after an image that cannot be explained, or stop. [default: skip]", ("skip", ErrorRule.Skip), ("stop", ErrorRule.Stop));
        Option<Decoding?> decode = CommonOptions.Choice("--decode", "Decode large JPEG photos at a fraction of their size, still at least twice what the network sees, or whole. Overlays have the photo's own size either way. [default: reduced]", ("reduced", Decoding.Reduced), ("whole", Decoding.Whole));
        var shard = new Option<string?>("--shard") { Description = "Explain one part of the files, and let other workers explain the others: INDEX/COUNT, counted from 0; or 'auto' in a task of a Slurm, Kubernetes, AWS Batch or Azure Batch array. Results go into a folder below --output, and 'abscam merge' joins them.", HelpName = "INDEX/COUNT|auto|auto/COUNT" };
        Option<bool> resume = CommonOptions.Resume();
        Option<bool> overwrite = CommonOptions.Overwrite();
        Option<bool> quiet = CommonOptions.Quiet();
        var preprocessing = new PreprocessingOptions();
        var command = new System.CommandLine.Command("explain", "Explain photos: saliency maps, overlays, a table and a report.")
        {
            images, model, output, labels, method, tolerance, toleranceKind, target, layer, fusion, scores, engine, truth, save, parquetMaps, parquetImages, batch, maxPixels, decode, onError, shard, resume, overwrite, quiet,
        };
        foreach (Option option in reading.Options)
        {
            command.Add(option);
        }

        preprocessing.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            CommonOptions.CheckResume(parsed.GetValue(resume), parsed.GetValue(overwrite));
            Shard? part = parsed.GetValue(shard) is { } text ? Shard.Parse(text, Environment.GetEnvironmentVariable) : null;
            var passedOver = new PassedOver();
            IReadOnlyList<InputFile> files = InputFiles.Find(parsed.GetValue(images)!, parsed.GetValue(output)!, passedOver);
            using ImageNetwork network = preprocessing.Open(parsed, parsed.GetValue(model)!, parsed.GetValue(labels));
            ScoreRule rule = parsed.GetValue(scores) ?? ScoreRule.Auto;
            int classes = network.Shape.ClassesUnder(rule);
            IReadOnlyList<string>? names = parsed.GetValue(labels) is { } labelFile ? LabelFile.Read(labelFile, classes) : OwnLabels.Of(network, classes);
            TargetOption asked = TargetOption.Parse(parsed.GetValue(target)!, names, classes);
            CheckThatImagesFit(files, network, asked);
            ImagePreprocessing seen = preprocessing.For(parsed, network);
            bool hasPhotos = files.Any(file => !file.IsTensor);
            if (hasPhotos)
            {
                // Refused before there are results.
                _ = new AbsCamOptions { Preprocessing = seen }.PreprocessingFor(network);
            }

            var options = new AbsCamOptions
            {
                Labels = names,
                Target = asked.Target,
                Tolerance = parsed.GetValue(tolerance) ?? 0,
                ToleranceKind = parsed.GetValue(toleranceKind) ?? ToleranceKind.Expected,
                Method = reading.MethodOf(parsed, parsed.GetValue(method)),
                Layers = parsed.GetValue(layer) is { Length: > 0 } layers ? layers : null,
                Fusion = parsed.GetValue(fusion) ?? LayerFusion.Product,
                ScoreRule = rule,
                ScoresOutput = network.ScoresOutput,
                Engine = parsed.GetValue(engine) ?? NetworkEngine.Auto,
                BatchSize = parsed.GetValue(batch) ?? new AbsCamOptions().BatchSize,
                Preprocessing = seen,
            };
            var decoding = new ImageFileOptions
            {
                MaxPixels = parsed.GetValue(maxPixels) ?? new ImageFileOptions().MaxPixels,
                MinimumSize = parsed.GetValue(decode) == Decoding.Whole ? null : ReducedDecoding.SizeFor(seen),
            };
            SaveKinds saved = ParseSave(parsed.GetValue(save)!);
            var settings = new ExplainSettings
            {
                Files = files,
                Network = network,
                Output = part is null ? parsed.GetValue(output)! : part.FolderIn(parsed.GetValue(output)!),
                ShardName = part?.ToString(),
                Targets = asked.ByImage,
                TargetsPerImage = asked.Count,
                Truth = Truth(parsed.GetValue(truth)),
                Save = saved,
                ParquetMaps = parsed.GetValue(parquetMaps) ?? ParquetMaps.Single,
                ParquetImages = parsed.GetValue(parquetImages),
                StopOnError = parsed.GetValue(onError) == ErrorRule.Stop,
                Resume = parsed.GetValue(resume),
                Overwrite = parsed.GetValue(overwrite),
                Decoding = decoding,
                Options = options,
                Notes = [.. new[] { passedOver.ToString(), hasPhotos ? $"{network.Name}: photos go in as {PreprocessingText.Of(seen)}" : null }.OfType<string>(), .. passedOver.Notes],
                Identity = ExplainIdentity.Of(parsed.GetValue(model)!, options, decoding, saved, ("target", parsed.GetValue(target)), ("truth", parsed.GetValue(truth)), ("parquet", $"{parsed.GetValue(parquetMaps)} {parsed.GetValue(parquetImages)}")),
            };
            if (part is not null)
            {
                int together = saved.HasFlag(SaveKinds.Parquet) ? ParquetParts.BatchesAFile(settings, ExplainedLayers.Of(options, network)) : 1;
                settings = settings with { Plan = part.Take(RunPlan.Of(files, options.BatchSize), together) };
            }

            return Task.FromResult(RunCommand.Run(settings, parsed.GetValue(quiet), cancellation));
        });
        return command;
    }

    private static void CheckThatImagesFit(IReadOnlyList<InputFile> files, ImageNetwork network, TargetOption asked)
    {
        if (network.Shape.Channels is not (1 or 3) && files.FirstOrDefault(file => !file.IsTensor) is { } photo)
        {
            throw new UsageException($"{network.Name} takes images of {network.Shape.Channels} channels, and photos such as '{photo.Name}' have three, or one of grey levels. Give it .npy tensors.");
        }

        if (asked.ByImage is { } classes && !files.Any(file => classes.ContainsKey(file.Name)))
        {
            throw new UsageException($"--target: the CSV file names none of the {files.Count} images. Its column 'image' holds paths below the folder that was given, such as '{files[0].Name}'.");
        }
    }

    private static Func<InputFile, string?>? Truth(string? text)
    {
        switch (text)
        {
            case null:
                return null;
            case "folder":
                return file => new DirectoryInfo(Path.GetDirectoryName(Path.GetFullPath(file.Path))!).Name;
            case ['@', .. string path]:
                Dictionary<string, string> classes = ClassFile.Read("--truth", path);
                return file => classes.GetValueOrDefault(file.Name);
            default:
                throw new UsageException($"--truth {text}: 'folder' or @FILE.csv is expected.");
        }
    }

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
                "parquet" => SaveKinds.Parquet,
                _ => throw new UsageException($"--save {word}: npy, overlay, report and parquet can be saved."),
            };
        }

        return kinds;
    }
}
