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

    public static bool HasPlaces(AxisPart[] parts) => parts.Any(part => part.Origin.Kind is AxisKind.Row or AxisKind.Column);

    /// <summary>Pixels of the image from one place to the next, along rows or columns.</summary>
    public static double PixelsOf(AxisPart[] parts) =>
        parts.Length == 0 ? 0 : parts[0].Origin.Pixels * parts[0].Step / parts.Skip(1).Aggregate(1.0, (product, part) => product * part.Size);

    private static bool IsNoOtherPlace(AxisPart part) =>
        part.Origin.Kind == AxisKind.Feature || (part.Origin.Kind is AxisKind.Row or AxisKind.Column && !part.IsHighest);
}
