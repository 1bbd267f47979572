using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>Where the objects are, as far as anybody says: boxes, masks or nothing.</summary>
/// <param name="Boxes">Boxes by photo.</param>
/// <param name="Masks">Masks by photo.</param>
/// <param name="AnyClass">Whether boxes of all classes count, and not only those of the explained one.</param>
internal sealed record ObjectTruth(ObjectBoxes? Boxes, MaskFolder? Masks, bool AnyClass)
{
    public static ObjectTruth None { get; } = new(null, null, false);

    /// <summary>What the network is for, where the place that each photo is asked about is the object, since nobody says where objects are.</summary>
    public NetworkTask Asked { get; init; }

    public bool IsKnown => HasBoxes || HasMasks;

    /// <summary>Whether boxes tell.</summary>
    public bool HasBoxes => Boxes is not null || Asked == NetworkTask.Detect;

    /// <summary>Whether masks tell.</summary>
    public bool HasMasks => Masks is not null || Asked == NetworkTask.Segment;

    /// <summary>What the log says of it; null for nothing.</summary>
    public string? Note => Asked is NetworkTask.Detect or NetworkTask.Segment
        ? $"the {(Asked == NetworkTask.Detect ? "box" : "region")} that is asked about is what maps are to point at; --boxes or --object-masks names other objects"
        : null;

    /// <summary>Left, top, right and bottom of each box that counts for this class, in pixels of the upright photo.</summary>
    /// <exception cref="InvalidDataException">The boxes were drawn on another picture, or nothing tells which way they lie.</exception>
    public float[] BoxesOf(InputFile file, PhotoFrame frame, int target, IReadOnlyList<string>? labels)
    {
        string index = target.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return BoxesOf(file, frame, index, target >= 0 && target < labels?.Count ? labels[target] : null);
    }

    /// <inheritdoc cref="BoxesOf(InputFile, PhotoFrame, int, IReadOnlyList{string}?)"/>
    /// <param name="file">The photo.</param>
    /// <param name="frame">How annotations lie on it.</param>
    /// <param name="index">The class's index; null where nobody knows it.</param>
    /// <param name="name">The class's name; null where it has none.</param>
    public float[] BoxesOf(InputFile file, PhotoFrame frame, string? index, string? name)
    {
        ObjectBox[] counted = [.. (Boxes?.Of(file) ?? []).Where(box => AnyClass || box.Class == index || string.Equals(box.Class, name, StringComparison.OrdinalIgnoreCase))];
        if (counted.Length == 0)
        {
            return [];
        }

        (int Width, int Height)[] sizes = [.. Boxes!.SizesOf(file)];
        if (sizes.Length > 1)
        {
            throw new InvalidDataException($"annotations of different pictures share its name: they state {string.Join(", ", sizes.Select(size => $"{size.Width} x {size.Height}"))}");
        }

        ExifOrientation orientation = frame.OrientationOf("the boxes are", sizes.Length == 0 ? null : sizes[0]);
        return [.. counted.Select(box => frame.Upright(box, orientation)).SelectMany(box => (float[])[box.Left, box.Top, box.Right, box.Bottom])];
    }
}
