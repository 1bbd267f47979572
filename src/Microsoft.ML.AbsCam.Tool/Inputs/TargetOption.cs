using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>What --target says: predicted, top:K, a class by name or index, @FILE.csv with a class an image, or a question of another kind.</summary>
/// <param name="Target">What the pipeline is asked for.</param>
/// <param name="Kind">What it is about.</param>
internal sealed record TargetOption(SaliencyTarget Target, TargetKind Kind = TargetKind.Class)
{
    /// <summary>The class of each image, where they come from a file.</summary>
    public IReadOnlyDictionary<string, string>? ByImage { get; init; }

    /// <summary>How many classes of an image are explained.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The picture to compare with; the target then only says that it is so, until the picture is read.</summary>
    public string? ReferencePath { get; init; }

    /// <summary>The same picture small, encoded as pages hold pictures, once it is read.</summary>
    public string? Reference { get; init; }

    /// <summary>The masks of the regions, one an image; null where the network says where its class is.</summary>
    public MaskFolder? Masks { get; init; }

    /// <summary>Left, top, width and height of the box that is asked about; null where the network says where it is.</summary>
    public IReadOnlyList<double>? Sides { get; init; }

    /// <summary>The class that is told from another is to be the true one.</summary>
    public bool IsAgainstTruth { get; init; }

    /// <summary>Whether the first class of a picture is what the network takes it for.</summary>
    public bool IsPrediction => Kind == TargetKind.Class && ByImage is null && (Target == SaliencyTarget.Predicted || Target == SaliencyTarget.Top(Count));

    /// <summary>Whether it speaks of pixels of whole photos, so that these have to be decoded at their own size.</summary>
    public bool CountsPixels => Masks is not null || Sides is not null;

    /// <summary>What pages say of it.</summary>
    public string Text => (Kind, ByImage, Masks) switch
    {
        (_, not null, _) when Kind == TargetKind.Contrast => IsAgainstTruth ? "the predicted class against the true one" : "the predicted class against one for each picture, from a file",
        (TargetKind.Box, not null, _) => "the most confident box of a class for each picture, from a file",
        (TargetKind.Region, not null, { } folder) => $"a class for each picture, from a file, in its region of '{folder.Path}'",
        (TargetKind.Region, not null, _) => "the region of a class for each picture, from a file",
        (_, not null, _) => "a class for each picture, from a file",
        (_, _, { } masks) => $"{Target}, of '{masks.Path}'",
        (TargetKind.Similar, _, _) => $"the likeness to '{Path.GetFileName(ReferencePath)}'",
        _ => Target.ToString(),
    };

    /// <summary>The same with the picture's embedding in place.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="picture">The picture, as pages hold pictures.</param>
    public TargetOption With(float[] embedding, string picture) => this with { Target = SaliencyTarget.Similar(embedding), Reference = picture };
}
