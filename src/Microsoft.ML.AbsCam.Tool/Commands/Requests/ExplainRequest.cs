using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;
using Microsoft.ML.AbsCam.Tool.Runs;
using Microsoft.ML.AbsCam.Tool.Shards;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says to 'explain'.</summary>
internal class ExplainRequest : ExplanationRequest
{
    private MethodRequest _method = new();

    public MethodRequest Method
    {
        get => _method;
        set
        {
            _method = value;
            Options = value.IsUsual ? Options : Options with { Method = value.Settled };
        }
    }

    /// <summary>What the pictures show, as it is written: <c>folder</c> or <c>@FILE.csv</c>; null where nobody says.</summary>
    public string? TruthText { get; set; }

    public SaveKinds Save { get; set; } = SaveKinds.Npy | SaveKinds.Report;

    public ParquetMaps? ParquetMaps { get; set; }

    public int? ParquetImages { get; set; }

    public ErrorRule OnError { get; set; }

    /// <summary>The part of all files that is explained; null for all.</summary>
    public Shard? Shard { get; set; }

    /// <summary>What each picture shows, once the request is settled; null where nobody says.</summary>
    public Func<InputFile, string?>? Truth { get; private set; }

    public override IEnumerable<string> Notes => Method.Idle is { } idle ? base.Notes.Append(idle) : TakesPlaceMethod ? base.Notes.Append(PlaceMethod.Note) : base.Notes;

    protected override Decoding UsualDecoding => Inputs.Decoding.Reduced;

    protected override bool UsesLayers => Options.Method.UsesLayer;

    /// <summary>Whether the method was chosen by the question, since nobody named one.</summary>
    private bool TakesPlaceMethod => Method.IsUsual && PlaceMethod.IsFor(Network);

    /// <param name="facts">The lines of the page's header.</param>
    /// <param name="identity">What results depend on.</param>
    public ExplainSettings ToSettings(IReadOnlyList<(string Name, string Value)> facts, IReadOnlyDictionary<string, string> identity)
    {
        var settings = new ExplainSettings
        {
            Files = Files,
            Network = Network,
            Output = Shard is null ? Output : PartFolders.PathOf(Output, Shard),
            PageFolder = Output,
            ShardName = Shard?.ToString(),
            Target = Target,
            Truth = Truth,
            Save = Save,
            ParquetMaps = ParquetMaps ?? default,
            ParquetImages = ParquetImages,
            StopOnError = OnError == ErrorRule.Stop,
            Resume = Resume,
            Overwrite = Overwrite,
            Decoding = Decoding,
            Options = Options,
            Notes = [.. Notes],
            Facts = facts,
            Identity = identity,
        };
        if (Shard is null)
        {
            return settings;
        }

        int together = Save.HasFlag(SaveKinds.Parquet) ? ParquetParts.BatchesAFile(settings, ExplainedLayers.Of(Options, Network)) : 1;
        return settings with { Plan = Shard.Take(RunPlan.Of(Files, Options.BatchSize), together) };
    }

    protected override void CheckTarget()
    {
        if (Network.Shape.Channels is not (1 or 3) && Files.FirstOrDefault(file => !file.IsTensor) is { } photo)
        {
            throw new UsageException($"{Network.Name} takes images of {Network.Shape.Channels} channels, and photos such as '{photo.Name}' have three, or one of grey levels. Give it .npy tensors.");
        }

        if (Target is { IsAgainstTruth: false, ByImage: { } classes } && !Files.Any(file => classes.ContainsKey(file.Name)))
        {
            throw new UsageException($"--target: the CSV file names none of the {Files.Count} images. Its column 'image' holds paths below the folder that was given, such as '{Files[0].Name}'.");
        }
    }

    protected override IReadOnlyDictionary<string, string>? TrueClasses()
    {
        Truth = ShownClasses.Find(TruthText);
        return Truth is { } truth ? Files.Select(file => (file.Name, Class: truth(file))).Where(pair => pair.Class is not null).DistinctBy(pair => pair.Name).ToDictionary(pair => pair.Name, pair => pair.Class!) : null;
    }

    protected override void SettleOwn()
    {
        Options = TakesPlaceMethod ? Options with { Method = PlaceMethod.Usual } : Options;
    }
}
