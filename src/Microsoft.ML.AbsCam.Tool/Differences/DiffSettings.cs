using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Finished;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Differences;

/// <summary>What to compare, and where findings go.</summary>
/// <param name="First">A run.</param>
/// <param name="Second">The other; effects are this less the first.</param>
/// <param name="Output">The folder for findings.</param>
internal sealed record DiffSettings(FinishedRun First, FinishedRun Second, string Output)
{
    /// <summary>What each picture shows; null for what the runs were told.</summary>
    public Func<InputFile, string?>? Truth { get; init; }

    /// <summary>Where objects are, as far as anybody says.</summary>
    public ObjectTruth Objects { get; init; } = ObjectTruth.None;

    /// <summary>What boxes and masks speak of, where EXIF turns a photo.</summary>
    public AnnotatedPixels Pixels { get; init; }

    public double Level { get; init; } = new DiffOptions().Level;

    public int Seed { get; init; } = new DiffOptions().Seed;

    public bool Overwrite { get; init; }
}
