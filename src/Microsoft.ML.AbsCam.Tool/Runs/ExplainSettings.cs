using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Outputs;
using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>What a run explains, with what, and what it writes.</summary>
internal sealed record ExplainSettings
{
    public required IReadOnlyList<InputFile> Files { get; init; }

    public required ImageNetwork Network { get; init; }

    public required string Output { get; init; }

    public required AbsCamOptions Options { get; init; }

    /// <summary>The folder that the page will be in, which that of a part's results is not; null for a page that names no photo's file.</summary>
    public string? PageFolder { get; init; }

    /// <summary>What is asked, as the command line has it.</summary>
    public TargetOption Target { get; init; } = new(SaliencyTarget.Predicted);

    /// <summary>What each picture shows, where that is known: a class name or an index.</summary>
    public Func<InputFile, string?>? Truth { get; init; }

    public SaveKinds Save { get; init; } = SaveKinds.Npy | SaveKinds.Report;

    /// <summary>How Parquet files hold maps.</summary>
    public ParquetMaps ParquetMaps { get; init; }

    /// <summary>How many images a Parquet file holds, in whole batches; null for as many as 32 MB of maps.</summary>
    public int? ParquetImages { get; init; }

    public bool StopOnError { get; init; }

    public ImageFileOptions Decoding { get; init; } = new();

    /// <summary>The batches to run; null for all files'.</summary>
    public RunPlan? Plan { get; init; }

    /// <summary>The part of all files that the plan holds, as i/n; null for all.</summary>
    public string? ShardName { get; init; }

    /// <summary>Whether to go on where an earlier process left the folder.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether a run in the folder is taken away, and begun anew.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether an audit follows, which writes its findings into the page.</summary>
    public bool IsAudited { get; init; }

    /// <summary>What results depend on, by name.</summary>
    public IReadOnlyDictionary<string, string> Identity { get; init; } = new Dictionary<string, string>();

    /// <summary>What the run says before it begins: what was left out, and what was settled.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the page's header says of model, method and options, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    public string Title { get; init; } = "What the network looked at";

    /// <summary>Whether the pixel where a map is highest lies on the object; null where that is not known.</summary>
    public Func<InputFile, double, double, bool?>? IsOnObject { get; init; }
}
