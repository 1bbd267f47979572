using Microsoft.ML.AbsCam.Tool.Audits;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;
using Microsoft.ML.AbsCam.Tool.Runs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says to 'audit'.</summary>
internal sealed class AuditRequest : MeasureRequest
{
    private const string UsualOutput = "abscam-audit";

    /// <summary>The method where none is named: one pass an image, and what speaks for the class and nothing else.</summary>
    public static SaliencyMethod UsualMethod => SaliencyMethod.HiResCam;

    /// <summary>The method that is named; null where none is.</summary>
    public SaliencyMethod? Method { get; set; }

    /// <summary>Where the photos of a finished run are; null for where the run found them.</summary>
    public string[]? Photos { get; set; }

    /// <summary>What the pictures show, as it is written: <c>folder</c> or <c>@FILE.csv</c>; null where nobody says.</summary>
    public string? TruthText { get; set; }

    /// <summary>How much is tried.</summary>
    public AuditOptions Audit { get; set; } = new();

    /// <summary>What each picture shows, once the request is settled; null where nobody says.</summary>
    public Func<InputFile, string?>? Truth { get; private set; }

    /// <summary>The finished run that is audited, once the request is settled; null where photos are explained first.</summary>
    public FinishedRun? Run { get; private set; }

    public override IEnumerable<string> Notes => NotesOn([Options.Method]);

    protected override bool UsesLayers => Options.Method.UsesLayer;

    /// <param name="facts">The lines of the page's header.</param>
    /// <param name="identity">What maps depend on.</param>
    public ExplainSettings ToExplain(IReadOnlyList<(string Name, string Value)> facts, IReadOnlyDictionary<string, string> identity) => new()
    {
        Files = Files,
        Network = Network,
        Output = Output,
        PageFolder = Output,
        Target = Target,
        Truth = Truth,
        Resume = Resume,
        Overwrite = Overwrite,
        IsAudited = true,
        Decoding = Decoding,
        Options = Options,
        Notes = [.. Notes],
        Facts = facts,
        Identity = identity,
    };

    /// <param name="facts">How findings came to be.</param>
    public AuditSettings ToAudit(IReadOnlyList<(string Name, string Value)> facts) => new()
    {
        Run = Run,
        Files = Files,
        Network = Network,
        Output = Output,
        Options = Options,
        Truth = Truth,
        Objects = Objects,
        Pixels = Pixels ?? AnnotatedPixels.BySize,
        Decoding = Decoding,
        Audit = Audit with { Seed = Seed },
        Notes = Run is null ? [] : [.. Notes],
        Facts = facts,
        Overwrite = Overwrite || Resume,
        BeginsAnew = Overwrite,
    };

    protected override IReadOnlyList<InputFile> FindFiles(PassedOver passedOver)
    {
        if (Images is not [var folder] || !FinishedRun.IsIn(folder))
        {
            Output = Output.Length > 0 ? Output : UsualOutput;
            Options = Options with { Method = Method ?? UsualMethod };
            return Photos is null
                ? base.FindFiles(passedOver)
                : throw new UsageException($"--photos says where the photos of a finished run are, and {(Images is [var one] ? $"'{one}' is" : "the arguments are")} no folder that 'abscam explain' wrote. Give the photos in its place, or one such folder.");
        }

        Output = Output.Length > 0 ? Output : folder;
        Run = FinishedRun.Open(folder);
        IReadOnlyList<InputFile> files = new FinishedPhotos(Run).Find(Photos, passedOver);
        FinishedOptions.Take(Run, this);
        return files;
    }

    protected override IReadOnlyDictionary<string, string>? TrueClasses()
    {
        Truth = ShownClasses.Find(TruthText);
        if (Truth is null && Run is { } run && run.Rows.Any(row => row.Truth is not null))
        {
            var known = run.Rows.ToDictionary(row => row.Key, row => row.Truth, StringComparer.Ordinal);
            Truth = file => known.GetValueOrDefault(file.OutputName);
        }

        return null;
    }

    protected override void CheckTarget()
    {
        if (Network.Task != NetworkTask.Classify || Target.Kind != TargetKind.Class)
        {
            throw new UsageException($"An audit looks at classes, and {(Target.Kind != TargetKind.Class ? $"--target {TargetText} asks something else" : $"{Network.Name} is taken to {Network.WhyTask}")}. Give a classifier, and predicted, a class or @FILE.csv.");
        }

        base.CheckTarget();
    }

    // Before photos are explained for nothing.
    protected override void CheckNetwork(ImageNetwork network)
    {
        if (network.BakedMethod is string baked)
        {
            throw new UsageException($"An audit asks a network for what happens within it and for maps of other classes, and in '{network.Name}' the maps of '{baked}' are baked and nothing else. Audit the model that the file was baked from.");
        }
    }

    protected override void SettleOwn()
        => Objects = new ObjectTruth(BoxPath is null ? null : ObjectBoxFile.Read(BoxPath), ObjectMaskPath is null ? null : new MaskFolder(ObjectMaskPath), TakesAnyClass);
}
