namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>How tokens that are no places (a class token, registers) come together with those that are, and apart again.</summary>
internal static class TokenAxes
{
    /// <summary>Whether an axis is one of tokens, whole.</summary>
    public static bool IsOne(AxisPart[] axis) => axis is [{ Origin.Tokens: not null } whole] && whole.Size == whole.Origin.Size;

    /// <summary>The axis of tokens that parts one behind the other make; null where not exactly one of them has places of the image in a row.</summary>
    /// <param name="parts">What the parts' own axes mean.</param>
    /// <param name="sizes">How long they are.</param>
    public static AxisPart[]? Together(AxisPart[][] parts, long[] sizes)
    {
        int[] withPlaces = [.. Enumerable.Range(0, parts.Length).Where(i => AxisRoles.RoleOf(parts[i]) is not AxisKind.Feature)];
        if (parts.Length < 2 || withPlaces is not [int at] || AxisRoles.RoleOf(parts[at]) is not null || !AxisRoles.HasPlaces(parts[at]))
        {
            return null;
        }

        TokenPlaces places = IsOne(parts[at]) ? parts[at][0].Origin.Tokens! : new TokenPlaces(0, parts[at]);
        return Tokens(sizes.Sum(), places with { Before = places.Before + sizes.Take(at).Sum() });
    }

    /// <summary>A range of an axis of tokens: the places by themselves, or with some of the others. Where places are cut off, or all are, none are known.</summary>
    public static AxisPart[] Part(AxisPart[] axis, long begin, long size)
    {
        TokenPlaces places = axis[0].Origin.Tokens!;
        return size == axis[0].Size ? axis
            : begin > places.Before || begin + size < places.Before + places.Count ? ValueAxes.NewFeature(size)
            : size == places.Count ? places.Places
            : Tokens(size, places with { Before = places.Before - begin });
    }

    private static AxisPart[] Tokens(long size, TokenPlaces places) => new AxisOrigin(AxisKind.Tokens, size) { Tokens = places }.Whole;
}
