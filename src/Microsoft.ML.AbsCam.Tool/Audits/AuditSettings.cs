using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Audits;

/// <summary>What to audit, how, and where findings go.</summary>
internal sealed record AuditSettings
{
    /// <summary>The run that is audited; null for the one that lies in the output folder by then.</summary>
    public FinishedRun? Run { get; init; }

    /// <summary>A photo for each of the run's rows.</summary>
    public required IReadOnlyList<InputFile> Files { get; init; }

    public required ImageNetwork Network { get; init; }

    public required string Output { get; init; }

    /// <summary>How the run's maps were made.</summary>
    public required AbsCamOptions Options { get; init; }

    /// <summary>What each picture shows; null where nobody says.</summary>
    public Func<InputFile, string?>? Truth { get; init; }

    /// <summary>Where objects are.</summary>
    public required ObjectTruth Objects { get; init; }

    /// <summary>What boxes and masks speak of, where EXIF turns a photo.</summary>
    public AnnotatedPixels Pixels { get; init; }

    public ImageFileOptions Decoding { get; init; } = new();

    /// <summary>How much is tried.</summary>
    public AuditOptions Audit { get; init; } = new();

    /// <summary>What a run says before it begins.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the findings' file says of how they came to be.</summary>
    public required IReadOnlyList<(string Name, string Value)> Facts { get; init; }

    /// <summary>Whether findings of an earlier audit are taken away.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether what the network answered in an audit that ended early is forgotten.</summary>
    public bool BeginsAnew { get; init; }
}
