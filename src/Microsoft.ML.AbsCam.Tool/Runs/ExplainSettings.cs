using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>What a run explains, with what, and what it writes.</summary>
internal sealed record ExplainSettings
{
    public required IReadOnlyList<InputFile> Files { get; init; }

    public required ImageNetwork Network { get; init; }

    public required string Output { get; init; }

    public required AbsCamOptions Options { get; init; }

    public IReadOnlyDictionary<string, string>? Targets { get; init; }

    /// <summary>What each picture shows, where that is known: a class name or an index.</summary>
    public Func<InputFile, string?>? Truth { get; init; }

    public SaveKinds Save { get; init; } = SaveKinds.Npy | SaveKinds.Overlay | SaveKinds.Report;

    public bool StopOnError { get; init; }

    public ImageFileOptions Decoding { get; init; } = new();

    public string Title { get; init; } = "What the network looked at";

    /// <summary>Whether the pixel where a map is highest lies on the object; null where that is not known.</summary>
    public Func<InputFile, double, double, bool?>? IsOnObject { get; init; }
}
