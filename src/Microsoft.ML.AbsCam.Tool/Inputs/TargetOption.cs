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
    public bool IsPrediction => Parts is [var first, ..] ? first.IsPrediction : Kind == TargetKind.Class && ByImage is null && (Target == SaliencyTarget.Predicted || Target == SaliencyTarget.Top(Count));

    /// <summary>The questions, where there are several; null for one.</summary>
    public IReadOnlyList<TargetOption>? Parts { get; private init; }

    /// <summary>Whether it is the opposite of the contrast before it.</summary>
    public bool IsOpposite { get; private init; }

    /// <summary>How it is written; what results call it where there are several.</summary>
    public string Written { get; init; } = "";

    /// <summary>Whether it speaks of pixels of whole photos, so that these have to be decoded at their own size.</summary>
    public bool CountsPixels => Masks is not null || Sides is not null;

    /// <summary>What pages say of it.</summary>
    public string Text => (Kind, ByImage, Masks) switch
    {
        _ when IsOpposite => "and the other way round",
        _ when Parts is { } parts => string.Join("; ", parts.Select(part => part.Text)),
        (_, not null, _) when Kind == TargetKind.Contrast => IsAgainstTruth ? "the predicted class against the true one" : "the predicted class against one for each picture, from a file",
        (TargetKind.Box, not null, _) => "the most confident box of a class for each picture, from a file",
        (TargetKind.Region, not null, { } folder) => $"a class for each picture, from a file, in its region of '{folder.Path}'",
        (TargetKind.Region, not null, _) => "the region of a class for each picture, from a file",
        (_, not null, _) => "a class for each picture, from a file",
        (_, _, { } masks) => $"{Target}, of '{masks.Path}'",
        (TargetKind.Similar, _, _) when ReferencePath is not null => $"the likeness to '{Path.GetFileName(ReferencePath)}'",
        _ => Target.ToString(),
    };

    /// <summary>Several questions in one.</summary>
    /// <exception cref="UsageException">Two of them take classes, or regions, from files: a picture has one of each.</exception>
    public static TargetOption Several(IReadOnlyList<TargetOption> parts)
    {
        CheckOnce(parts, "its classes from a file", part => part.ByImage);
        CheckOnce(parts, "its regions from a folder", part => part.Masks);
        TargetKind kind = parts.All(part => part.Kind == parts[0].Kind && part.Kind != TargetKind.Similar) ? parts[0].Kind : TargetKind.Several;
        return new TargetOption(SaliencyTarget.Several([.. parts.Select(part => part.Target)]), kind)
        {
            Parts = parts,
            Count = parts.Sum(part => part.Count),
            ByImage = parts.Select(part => part.ByImage).FirstOrDefault(classes => classes is not null),
            IsAgainstTruth = parts.Any(part => part.IsAgainstTruth),
            Masks = parts.Select(part => part.Masks).FirstOrDefault(masks => masks is not null),
            Sides = parts.Select(part => part.Sides).FirstOrDefault(sides => sides is not null),
        };
    }

    /// <summary>A contrast, and what speaks for its other class and not for the predicted one.</summary>
    /// <param name="contrast">The predicted class against the other.</param>
    /// <param name="other">The other.</param>
    public static TargetOption BothWays(TargetOption contrast, SaliencyTarget other)
        => Several([contrast, contrast with { Target = SaliencyTarget.Contrast(SaliencyTarget.Predicted, other), Written = $"{contrast.Written}, the other way round", IsOpposite = true }]);

    /// <summary>The question that one of a row's targets answers.</summary>
    /// <param name="target">Its place among the row's targets.</param>
    public TargetOption PartOf(int target)
    {
        foreach (TargetOption part in Parts ?? [])
        {
            if (target < part.Count)
            {
                return part;
            }

            target -= part.Count;
        }

        return this;
    }

    private static void CheckOnce(IReadOnlyList<TargetOption> parts, string what, Func<TargetOption, object?> from)
    {
        // A contrast and its opposite take one file.
        if (parts.Where(part => from(part) is not null).DistinctBy(from).ToArray() is [var one, var other, ..])
        {
            throw new UsageException($"--target: of several questions one may take {what}, and both '{one.Written}' and '{other.Written}' do. Run once for each.");
        }
    }

    /// <summary>The same with the picture's embedding in place.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="picture">The picture, as pages hold pictures.</param>
    public TargetOption With(float[] embedding, string picture) => this with { Target = SaliencyTarget.Similar(embedding), Reference = picture };
}
