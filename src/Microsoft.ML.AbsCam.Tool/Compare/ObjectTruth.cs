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

    public bool IsKnown => Boxes is not null || Masks is not null;

    /// <summary>Left, top, right and bottom of each box that counts for this class.</summary>
    public float[] BoxesOf(InputFile file, int target, IReadOnlyList<string>? labels)
    {
        string index = target.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string? name = target >= 0 && target < labels?.Count ? labels[target] : null;
        return [.. (Boxes?.Of(file) ?? []).Where(box => AnyClass || box.Class == index || string.Equals(box.Class, name, StringComparison.OrdinalIgnoreCase))
            .SelectMany(box => (float[])[box.Left, box.Top, box.Right, box.Bottom])];
    }
}
