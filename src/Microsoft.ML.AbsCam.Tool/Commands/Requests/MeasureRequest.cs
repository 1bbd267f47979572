using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says to 'compare' and 'evaluate'.</summary>
internal class MeasureRequest : ExplanationRequest
{
    private IReadOnlyList<MapSource>? _sources;
    private string? _measureNote;

    /// <summary>What makes the maps.</summary>
    public IReadOnlyList<MapSource> Sources
    {
        get => _sources ?? [new MethodSource(PlaceMethod.IsFor(Network) ? PlaceMethod.Usual : new AbsCamOptions().FittedTo(Network).Method)];
        set => _sources = _sources is null ? value : throw new UsageException("--maps and --method both say where maps come from. Give one of them.");
    }

    /// <summary>Names of measures with commas between them, or 'all'; null for those that are usual.</summary>
    public string? MeasureNames { get; set; }

    public PerturbationProtocol Protocol { get; set; } = PerturbationProtocol.Rise;

    /// <summary>Steps of Deletion and Insertion; null for the protocol's.</summary>
    public int? Steps { get; set; }

    public double PointingTolerance { get; set; } = SaliencyMeasure.UsualTolerance;

    /// <summary>Where boxes are; null where nobody says.</summary>
    public string? BoxPath { get; set; }

    /// <summary>Where masks of the objects are; null where nobody says.</summary>
    public string? ObjectMaskPath { get; set; }

    public bool TakesAnyClass { get; set; }

    public AnnotatedPixels? Pixels { get; set; }

    public int? Sample { get; set; }

    public int Seed { get; set; } = 1;

    public int Shown { get; set; } = 100;

    public bool ShowsIntervals { get; set; }

    public int? GridTiles { get; set; }

    public int? SanityPhotos { get; set; }

    /// <summary>The folder of --maps; null for maps that are made here.</summary>
    public string? MapFolder { get; set; }

    public MapExtent MapExtent { get; set; }

    /// <summary>Where objects are, once the request is settled.</summary>
    public ObjectTruth Objects { get; protected set; } = ObjectTruth.None;

    /// <summary>The measures, once the request is settled.</summary>
    public IReadOnlyList<SaliencyMeasure> Measures { get; private set; } = [];

    /// <summary>Whether a class's maps are compared with one another, once the request is settled.</summary>
    public bool AsksConsistency { get; private set; }

    // Boxes, masks and maps over whole photos count pixels of whole photos.
    public override IEnumerable<string> Notes => [.. NotesOn(Sources.Select(source => source is MethodSource { Method: var method } ? method : SaliencyMethod.CenterGaussian)), .. new[] { MethodNote, Objects.Note, _measureNote }.OfType<string>()];

    private string? MethodNote => _sources is null && PlaceMethod.IsFor(Network) ? PlaceMethod.Note : null;

    protected override Decoding UsualDecoding => Inputs.Decoding.Whole;

    protected override bool UsesLayers => Sources.OfType<MethodSource>().Any(source => source.Method.UsesLayer);

    private bool KnowsObjects => BoxPath is not null || ObjectMaskPath is not null;

    /// <param name="facts">The lines of the page's header.</param>
    /// <param name="identity">What results depend on.</param>
    public ComparisonSettings ToSettings(IReadOnlyList<(string Name, string Value)> facts, IReadOnlyDictionary<string, string> identity) => new()
    {
        Files = Files,
        Network = Network,
        Output = Output,
        Sources = Sources,
        Measures = Measures,
        AsksConsistency = AsksConsistency,
        Options = Options,
        Target = Target,
        Objects = Objects,
        Pixels = Pixels ?? AnnotatedPixels.BySize,
        Notes = [.. Notes],
        Decoding = Decoding,
        MapExtent = MapExtent,
        ShowsIntervals = ShowsIntervals,
        Shown = Shown,
        GridTiles = GridTiles,
        SanityPhotos = SanityPhotos,
        Seed = Seed,
        Resume = Resume,
        Overwrite = Overwrite,
        Identity = identity,
        Facts = facts,
    };

    protected override IReadOnlyList<InputFile> FindFiles(PassedOver passedOver)
    {
        IReadOnlyList<InputFile> files = base.FindFiles(passedOver);
        if (files.FirstOrDefault(file => file.IsTensor) is { } tensor)
        {
            throw new UsageException($"'{tensor.Name}' is a tensor, and photos are compared. Give folders or patterns of photos alone.");
        }

        if (files.GroupBy(file => file.Name).FirstOrDefault(group => group.Count() > 1) is { } twins)
        {
            throw new UsageException($"Two photos are called '{twins.Key}' ('{twins.First().Path}' and '{twins.Last().Path}'), and the table could not tell them apart. Give the folder that holds both.");
        }

        if (Sample is not int count || count >= files.Count)
        {
            return files;
        }

        int[] drawn = [.. Enumerable.Range(0, files.Count)];
        new Random(Seed).Shuffle(drawn);
        return [.. drawn.Take(count).Order().Select(i => files[i])];
    }

    protected override void CheckTarget()
    {
        if (Target.Count > 1 || TargetText.StartsWith("top:", StringComparison.Ordinal))
        {
            throw new UsageException($"--target {TargetText}: one class a photo is compared. Give predicted, a class or @FILE.csv.");
        }

        if (GridTiles is not null && (Target.Kind != TargetKind.Class || Network.Task != NetworkTask.Classify))
        {
            throw new UsageException($"--grid: the grid pointing game asks which of several classes a part of a picture speaks for, and {(Target.Kind != TargetKind.Class ? $"--target {TargetText} asks something else" : "this network's answers have places of their own")}. Leave it out.");
        }

        if (SanityPhotos is not null && Target.Kind != TargetKind.Class && (Target.ByImage is not null || Target.Masks is not null))
        {
            throw new UsageException($"--sanity: with a network drawn anew nothing is asked that comes from files, and --target {TargetText} does. Leave one of them out.");
        }

        if (BoxPath is not null && ObjectMaskPath is not null)
        {
            throw new UsageException("--boxes and --object-masks both say where objects are. Give one of them.");
        }

        if (Decode == Inputs.Decoding.Reduced && (KnowsObjects || MapExtent == MapExtent.Photo))
        {
            throw new UsageException($"--decode reduced: {(KnowsObjects ? "objects are where they are in whole photos" : "--map-extent photo speaks of whole photos")}, and a photo at a fraction of its size has other pixels. Leave one of them out.");
        }
    }

    protected override void CheckNetwork(ImageNetwork network)
    {
        if (network.BakedMethod is string baked && _sources?.OfType<MethodSource>().FirstOrDefault(source => source.Method.Name != baked) is { } other)
        {
            throw new UsageException($"In '{network.Name}' the maps of '{baked}' are baked, and the file makes none of '{other.Method}'. Measure what it makes with 'abscam evaluate' and no --method, or compare with the model that it was baked from.");
        }
    }

    protected override void SettleOwn()
    {
        Objects = new ObjectTruth(BoxPath is null ? null : ObjectBoxFile.Read(BoxPath), ObjectMaskPath is null ? null : new MaskFolder(ObjectMaskPath), TakesAnyClass)
        {
            Asked = KnowsObjects ? NetworkTask.Auto : Network.Task,
        };
        var choice = new MeasureChoice(Protocol, Steps, PointingTolerance)
        {
            Kind = Target.Kind,
            Task = Network.Task,
            KnowsObjects = Objects.IsKnown,
            RunsMethods = Sources.All(source => source is MethodSource),
            HasProbabilities = Options.ScoreRule != ScoreRule.None || Target.Kind != TargetKind.Class,
        };
        Measures = choice.Of(MeasureNames);
        AsksConsistency = choice.AsksConsistency(MeasureNames);
        _measureNote = choice.Note;
    }
}
