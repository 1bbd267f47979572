namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>What the digits of one axis come to.</summary>
internal static class AxisRoles
{
    /// <summary>The axis as one of images, rows, columns or channels; null where it mixes them, as tokens and windows do.</summary>
    public static AxisKind? RoleOf(AxisPart[] parts)
    {
        if (parts.Length == 0 || parts.All(part => part.Origin.Kind == AxisKind.Feature))
        {
            return AxisKind.Feature;
        }

        AxisKind kind = parts[0].Origin.Kind;
        bool leads = parts[0].IsHighest;
        return kind switch
        {
            AxisKind.Batch => parts.Length == 1 && leads ? kind : null,

            // Rows may be divided further by channels that become places, as depth to space does.
            AxisKind.Row or AxisKind.Column when leads => parts.Skip(1).All(IsNoOtherPlace) ? kind : null,

            // Places within a block that are all together are channels: space to depth.
            _ => parts.All(IsNoOtherPlace) ? AxisKind.Feature : null,
        };
    }

    public static bool HasPlaces(AxisPart[] parts) => parts.Any(part => part.Origin.Kind is AxisKind.Row or AxisKind.Column or AxisKind.Tokens);

    /// <summary>How many places the digits have together.</summary>
    public static long SizeOf(AxisPart[] parts) => parts.Aggregate(1L, (product, part) => product * part.Size);

    /// <summary>Whether two axes of one size have the same place of the image at each index: both rows or both columns, or digits alike one by one.</summary>
    public static bool AreAlike(AxisPart[] axis, AxisPart[] other) =>
        (RoleOf(axis) is AxisKind role && RoleOf(other) == role)
        || (axis.Length == other.Length && axis.Zip(other, AreAlike).All(isAlike => isAlike));

    private static bool AreAlike(AxisPart part, AxisPart other) =>
        part.Origin == other.Origin ? part == other
        : (part.Origin.Kind, part.Step, part.Size, part.IsHighest) == (other.Origin.Kind, other.Step, other.Size, other.IsHighest)
            && part.Origin.Tokens?.Before == other.Origin.Tokens?.Before
            && (part.Origin.Tokens is null || AreAlike(part.Origin.Tokens.Places, other.Origin.Tokens!.Places));

    /// <summary>Pixels of the image from one place to the next, along rows or columns.</summary>
    public static double PixelsOf(AxisPart[] parts) =>
        parts.Length == 0 ? 0 : parts[0].Origin.Pixels * parts[0].Step / parts.Skip(1).Aggregate(1.0, (product, part) => product * part.Size);

    private static bool IsNoOtherPlace(AxisPart part) =>
        part.Origin.Kind == AxisKind.Feature || (part.Origin.Kind is AxisKind.Row or AxisKind.Column && !part.IsHighest);
}
