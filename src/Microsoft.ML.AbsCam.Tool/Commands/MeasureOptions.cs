using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML.AbsCam.Files;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>What 'compare' and 'evaluate' have in common: photos, network, measures, and where the objects are.</summary>
internal sealed class MeasureOptions
{
    /// <summary>They explain masked images once more, which doubles the cost of a map.</summary>
    private static readonly string[] Dear = [SaliencyMeasure.Coherency.Name, SaliencyMeasure.Adcc.Name];

    private readonly Argument<string[]> _images = new("IMAGE|DIR|GLOB") { Description = "Photos (JPEG, PNG, WebP, GIF, BMP), folders of them, or patterns.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _model = new("--model", "-m") { Description = "The network, an ONNX file.", Required = true, HelpName = "FILE" };
    private readonly Option<string> _output;
    private readonly Option<string?> _labels = new("--labels") { Description = "The names of the classes, one a line.", HelpName = "FILE" };
    private readonly Option<string> _target = new("--target") { Description = "The class to explain: the predicted one, a class by name or index, or one a photo from a CSV file with the columns image and target.", HelpName = "predicted|CLASS|@FILE.csv", DefaultValueFactory = _ => "predicted" };
    private readonly Option<string[]> _layer = new("--layer") { Description = "The feature layer, as 'abscam layers' names it; given more than once, their maps are combined. Default: its pick", HelpName = "NAME" };
    private readonly Option<ScoreRule?> _scores = CommonOptions.Scores();
    private readonly Option<string?> _measures = new("--measures") { Description = $"The measures, or 'all': {string.Join(", ", SaliencyMeasure.All().Select(measure => measure.Name))}. [default: all but {string.Join(" and ", Dear)}, and those of objects where they are known]", HelpName = "NAME,NAME" };
    private readonly Option<PerturbationProtocol?> _protocol;
    private readonly Option<int?> _steps = CommonOptions.Number("--steps", "Steps of Deletion and Insertion. [default: the protocol's, 28 or 112]", 1, 1_000_000);
    private readonly Option<double?> _pointing = CommonOptions.Number("--pointing-tolerance", "How far beside the object the Pointing Game still counts, in pixels of the photo. [default: 15]", 0.0, 1e6, "a number of pixels from 0");
    private readonly Option<string?> _boxes = new("--boxes") { Description = "Where objects are: a COCO JSON file, a Pascal VOC XML file, or a folder of those.", HelpName = "FILE|DIR" };
    private readonly Option<bool> _anyBox = new("--any-class") { Description = "Count the boxes of all classes, not only those of the explained class." };
    private readonly Option<string?> _masks = new("--masks") { Description = "Where objects are: a folder of mask images named like the photos, black beside the object.", HelpName = "DIR" };
    private readonly Option<AnnotatedPixels?> _pixels = CommonOptions.Choice("--pixels", "What boxes, masks and maps over whole photos speak of, where EXIF turns a photo: its pixels as stored, or as shown. [default: as their sizes tell; refused where they do not]", ("stored", AnnotatedPixels.Stored), ("upright", AnnotatedPixels.Upright));
    private readonly Option<int?> _sample = CommonOptions.Number("--sample", "Take so many of the photos, drawn at random.", 1, int.MaxValue);
    private readonly Option<int?> _seed = CommonOptions.Number("--seed", "What the sample is drawn from. [default: 1]", 0, int.MaxValue);
    private readonly Option<int?> _batch = CommonOptions.Number("--batch", "How many images go through the network at once. [default: 8]", 1, 4096);
    private readonly Option<int?> _shown = CommonOptions.Number("--show", "How many photos the page shows. [default: 100]", 0, 10_000);
    private readonly Option<bool> _intervals = new("--intervals") { Description = "Print every mean with its 95 % interval, on as many lines as the terminal needs. They are in comparison.csv either way." };
    private readonly Option<bool> _resume = CommonOptions.Resume();
    private readonly Option<bool> _overwrite = CommonOptions.Overwrite();
    private readonly PreprocessingOptions _preprocessing = new();

    public MeasureOptions(string output)
    {
        _output = CommonOptions.Output(output);
        _protocol = new Option<PerturbationProtocol?>("--protocol")
        {
            Description = "How Deletion and Insertion go about it. [default: rise]",
            HelpName = string.Join('|', PerturbationProtocol.All.Select(protocol => protocol.Name)),
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                PerturbationProtocol? found = PerturbationProtocol.All.FirstOrDefault(protocol => protocol.Name == text);
                if (found is null)
                {
                    result.AddError($"--protocol {text}: one of {string.Join(", ", PerturbationProtocol.All.Select(protocol => protocol.Name))} is expected.");
                }

                return found;
            },
        };
    }

    public Option<bool> Quiet { get; } = CommonOptions.Quiet();

    public void AddTo(System.CommandLine.Command command)
    {
        command.Add(_images);
        foreach (Option option in (Option[])[_model, _output, _labels, _target, _layer, _scores, _measures, _protocol, _steps, _pointing, _boxes, _anyBox, _masks, _pixels, _sample, _seed, _batch, _shown, _intervals, _resume, _overwrite, Quiet])
        {
            command.Add(option);
        }

        _preprocessing.AddTo(command);
    }

    public ImageNetwork Open(ParseResult parsed) => _preprocessing.Open(parsed, parsed.GetValue(_model)!, parsed.GetValue(_labels));

    /// <param name="parsed">The command line.</param>
    /// <param name="network">The network, opened.</param>
    /// <param name="sources">What makes the maps.</param>
    /// <exception cref="UsageException">An option does not fit.</exception>
    public ComparisonSettings Settings(ParseResult parsed, ImageNetwork network, IReadOnlyList<MapSource> sources)
    {
        CommonOptions.CheckResume(parsed.GetValue(_resume), parsed.GetValue(_overwrite));
        ScoreRule rule = parsed.GetValue(_scores) ?? ScoreRule.Auto;
        int classes = network.Shape.ClassesUnder(rule);
        IReadOnlyList<string>? labels = parsed.GetValue(_labels) is { } labelFile ? LabelFile.Read(labelFile, classes) : OwnLabels.Of(network, classes);
        TargetOption target = TargetOption.Parse(parsed.GetValue(_target)!, labels, classes);
        if (parsed.GetValue(_target)!.StartsWith("top:", StringComparison.Ordinal))
        {
            throw new UsageException($"--target {parsed.GetValue(_target)}: one class a photo is compared. Give predicted, a class or @FILE.csv.");
        }

        ImagePreprocessing preprocessing = new AbsCamOptions { Preprocessing = _preprocessing.For(parsed, network) }.PreprocessingFor(network);
        ObjectTruth objects = Objects(parsed);
        var passedOver = new PassedOver();
        IReadOnlyList<InputFile> files = Files(parsed, passedOver);
        IReadOnlyList<SaliencyMeasure> measures = Measures(parsed, objects, sources, rule);
        var options = new AbsCamOptions
        {
            Labels = labels,
            Target = target.Target,
            ScoreRule = rule,
            Layers = parsed.GetValue(_layer) is { Length: > 0 } layers ? layers : null,
            BatchSize = parsed.GetValue(_batch) ?? new AbsCamOptions().BatchSize,
            Preprocessing = preprocessing,
        };
        string layer = string.Join(" + ", options.Layers?.Select(name => network.FindLayer(name).Name)
            ?? [sources.OfType<MethodSource>().Any(source => source.Method.UsesLayer) ? network.FindLayer(null).Name : "none"]);
        string seen = PreprocessingText.Of(preprocessing);
        return new ComparisonSettings
        {
            Files = files,
            Network = network,
            ModelPath = parsed.GetValue(_model)!,
            Output = parsed.GetValue(_output)!,
            Sources = sources,
            Measures = measures,
            Options = options,
            Targets = target.ByImage,
            Objects = objects,
            Pixels = parsed.GetValue(_pixels) ?? AnnotatedPixels.BySize,
            Notes = [.. new[] { passedOver.ToString(), $"{network.Name}: photos go in as {seen}" }.OfType<string>(), .. passedOver.Notes],
            ShowsIntervals = parsed.GetValue(_intervals),
            Shown = parsed.GetValue(_shown) ?? 100,
            Seed = parsed.GetValue(_seed) ?? 1,
            Resume = parsed.GetValue(_resume),
            Overwrite = parsed.GetValue(_overwrite),
            Identity = new Dictionary<string, string>(ProgramVersion.Identity)
            {
                ["model"] = Hash(parsed.GetValue(_model)!),
                ["layer"] = layer,
                ["preprocessing"] = seen,
                ["scores"] = network.ScoresOutput is string output ? $"{rule}, {output}" : rule.ToString(),
                ["target"] = target.ByImage is null ? parsed.GetValue(_target)! : Hash(parsed.GetValue(_target)![1..]),
                ["measures"] = string.Join("; ", measures),
                ["objects"] = string.Join(" ", parsed.GetValue(_boxes), parsed.GetValue(_masks), parsed.GetValue(_anyBox), parsed.GetValue(_pixels)),
            },
            Facts =
            [
                ("Network", network.Name),
                ("Layer", layer),
                .. network.ScoresOutput is string scored ? [("Scores", $"of the output '{scored}'")] : Array.Empty<(string, string)>(),
                ("Seen", seen),
                ("Class", target.ByImage is null ? target.Target.ToString() : "one for each photo, from a file"),
                ("Photos", parsed.GetValue(_sample) is null ? "all that were given" : string.Create(CultureInfo.InvariantCulture, $"{files.Count} drawn at random, seed {parsed.GetValue(_seed) ?? 1}")),
                ("Versions", ProgramVersion.Text),
            ],
        };
    }

    private IReadOnlyList<InputFile> Files(ParseResult parsed, PassedOver passedOver)
    {
        IReadOnlyList<InputFile> files = InputFiles.Find(parsed.GetValue(_images)!, parsed.GetValue(_output)!, passedOver);
        if (files.FirstOrDefault(file => file.IsTensor) is { } tensor)
        {
            throw new UsageException($"'{tensor.Name}' is a tensor, and photos are compared. Give folders or patterns of photos alone.");
        }

        if (files.GroupBy(file => file.Name).FirstOrDefault(group => group.Count() > 1) is { } twins)
        {
            throw new UsageException($"Two photos are called '{twins.Key}' ('{twins.First().Path}' and '{twins.Last().Path}'), and the table could not tell them apart. Give the folder that holds both.");
        }

        if (parsed.GetValue(_sample) is not int count || count >= files.Count)
        {
            return files;
        }

        int[] drawn = [.. Enumerable.Range(0, files.Count)];
        new Random(parsed.GetValue(_seed) ?? 1).Shuffle(drawn);
        return [.. drawn.Take(count).Order().Select(i => files[i])];
    }

    private ObjectTruth Objects(ParseResult parsed)
    {
        (string? boxes, string? masks) = (parsed.GetValue(_boxes), parsed.GetValue(_masks));
        return boxes is not null && masks is not null
            ? throw new UsageException("--boxes and --masks both say where objects are. Give one of them.")
            : new ObjectTruth(boxes is null ? null : ObjectBoxes.Read(boxes), masks is null ? null : new MaskFolder(masks), parsed.GetValue(_anyBox));
    }

    private List<SaliencyMeasure> Measures(ParseResult parsed, ObjectTruth objects, IReadOnlyList<MapSource> sources, ScoreRule rule)
    {
        PerturbationProtocol protocol = parsed.GetValue(_protocol) ?? PerturbationProtocol.Rise;
        protocol = parsed.GetValue(_steps) is int steps ? protocol with { Steps = steps } : protocol;
        IReadOnlyList<SaliencyMeasure> all = SaliencyMeasure.All(protocol, parsed.GetValue(_pointing) ?? SaliencyMeasure.UsualTolerance);
        bool isHere = sources.All(source => source is MethodSource);
        bool isPossible(SaliencyMeasure measure) => (objects.IsKnown || !SaliencyMeasure.OfObjects.Contains(measure.Name)) && (isHere || !Dear.Contains(measure.Name)) && (rule != ScoreRule.None || !SaliencyMeasure.OfProbabilities.Contains(measure.Name));
        string? text = parsed.GetValue(_measures);
        if (text is null or "all")
        {
            return [.. all.Where(measure => isPossible(measure) && (text is not null || !Dear.Contains(measure.Name)))];
        }

        var chosen = new List<SaliencyMeasure>();
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct())
        {
            SaliencyMeasure measure = all.FirstOrDefault(known => known.Name == name)
                ?? throw new UsageException($"--measures {name}: 'all' or some of {string.Join(", ", all.Select(known => known.Name))} are expected.");
            chosen.Add(isPossible(measure) ? measure : throw new UsageException(rule == ScoreRule.None && SaliencyMeasure.OfProbabilities.Contains(name)
                ? $"--measures {name}: it compares probabilities, and --scores none says that there are none. Leave one of them out."
                : Dear.Contains(name)
                ? $"--measures {name}: it explains masked images, which only a method does that runs here. Leave it out for maps from files."
                : $"--measures {name}: it needs to know where objects are. Give --boxes or --masks."));
        }

        return chosen.Count > 0 ? chosen : throw new UsageException("--measures: it names no measure.");
    }

    private static string Hash(string path)
    {
        using FileStream file = RegularFile.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
