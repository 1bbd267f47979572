using Microsoft.ML.AbsCam.Tool.Audits;
using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says to 'audit'.</summary>
internal sealed class AuditRequest : MeasureRequest
{
    /// <summary>The method where none is named: one pass an image, and what speaks for the class and nothing else.</summary>
    public static SaliencyMethod UsualMethod => SaliencyMethod.HiResCam;

    /// <summary>What the pictures show, as it is written: <c>folder</c> or <c>@FILE.csv</c>; null where nobody says.</summary>
    public string? TruthText { get; set; }

    /// <summary>How much is tried.</summary>
    public AuditOptions Audit { get; set; } = new();

    /// <summary>What each picture shows, once the request is settled; null where nobody says.</summary>
    public Func<InputFile, string?>? Truth { get; private set; }

    public override IEnumerable<string> Notes => NotesOn([Options.Method]);

    protected override bool UsesLayers => Options.Method.UsesLayer;

    /// <param name="facts">How findings came to be.</param>
    public AuditSettings ToAudit(IReadOnlyList<(string Name, string Value)> facts) => new()
    {
        Files = Files,
        Network = Network,
        Output = Output,
        Options = Options,
        Target = Target,
        Truth = Truth,
        Objects = Objects,
        Pixels = Pixels ?? AnnotatedPixels.BySize,
        Decoding = Decoding,
        Audit = Audit with { Seed = Seed },
        Notes = [.. Notes],
        Facts = facts,
        Overwrite = Overwrite,
    };

    protected override IReadOnlyDictionary<string, string>? TrueClasses()
    {
        Truth = ShownClasses.Find(TruthText);
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

    protected override void SettleOwn() => Objects = new ObjectTruth(BoxPath is null ? null : ObjectBoxFile.Read(BoxPath), ObjectMaskPath is null ? null : new MaskFolder(ObjectMaskPath), TakesAnyClass);
}
