using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>What is compared, on what, by which measures.</summary>
internal sealed record ComparisonSettings
{
    public required IReadOnlyList<InputFile> Files { get; init; }

    public required ImageNetwork Network { get; init; }

    public required string Output { get; init; }

    /// <summary>What makes maps, in the order of the table.</summary>
    public required IReadOnlyList<MapSource> Sources { get; init; }

    public required IReadOnlyList<SaliencyMeasure> Measures { get; init; }

    /// <summary>Whether a class's maps are compared with one another and with those of other classes.</summary>
    public bool AsksConsistency { get; init; }

    /// <summary>What every method has in common: layer, target, preprocessing, labels.</summary>
    public required AbsCamOptions Options { get; init; }

    /// <summary>What is asked, as the command line has it.</summary>
    public TargetOption Target { get; init; } = new(SaliencyTarget.Predicted);

    public ObjectTruth Objects { get; init; } = ObjectTruth.None;

    /// <summary>What boxes, masks and maps over whole photos speak of, where EXIF turns a photo.</summary>
    public AnnotatedPixels Pixels { get; init; }

    /// <summary>What the run says before it begins: what was left out, and what was settled.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public ImageFileOptions Decoding { get; init; } = new();

    /// <summary>What maps from files lie over.</summary>
    public MapExtent MapExtent { get; init; }

    /// <summary>Whether the terminal's table shows intervals also where they take more than one block of lines.</summary>
    public bool ShowsIntervals { get; init; }

    /// <summary>How many photos the page shows.</summary>
    public int Shown { get; init; } = 100;

    /// <summary>Tiles along a side of the grid pointing game; null for no game.</summary>
    public int? GridTiles { get; init; }

    /// <summary>How many photos the sanity check takes; null for no check.</summary>
    public int? SanityPhotos { get; init; }

    /// <summary>What grids and the check's photos are drawn from.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What decides the results beside the code, by name; a journal of other ones is not gone on with.</summary>
    public required IReadOnlyDictionary<string, string> Identity { get; init; }

    /// <summary>Whether to go on with the results of an earlier comparison in the folder.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether an earlier comparison in the folder is taken away.</summary>
    public bool Overwrite { get; init; }

    /// <summary>What the page and the table say of the protocol.</summary>
    public required IReadOnlyList<(string Name, string Value)> Facts { get; init; }
}
