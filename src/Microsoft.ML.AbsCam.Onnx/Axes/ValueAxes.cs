namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>
/// What each axis of a value means: of which digits of which axes it is made, the highest first. So a map stays known as a map through
/// reshapes that take it apart and put it together again: normalisation by groups, windows, space to depth by views, shuffled channels.
/// </summary>
internal sealed class ValueAxes
{
    private readonly AxisPart[][] _axes;

    public ValueAxes(IEnumerable<AxisPart[]> axes) => _axes = [.. axes];

    public int Rank => _axes.Length;

    /// <summary>The digits of an axis, the highest first; none where it has one place.</summary>
    public AxisPart[] this[int axis] => _axes[axis];

    /// <summary>Axes of which nothing is known but their sizes.</summary>
    public static ValueAxes Features(IEnumerable<long> shape) => new(shape.Select(NewFeature));

    public static AxisPart[] NewFeature(long size) => new AxisOrigin(AxisKind.Feature, size).Whole;

    public ValueAxes With(int axis, AxisPart[] parts) => new(_axes.Select((own, i) => i == axis ? parts : own));

    public ValueAxes Without(Func<int, bool> dropped) => new(_axes.Where((_, i) => !dropped(i)));

    public ValueAxes Permuted(IEnumerable<long> order) => new(order.Select(axis => _axes[axis]));

    /// <summary>The same numbers in another shape. Where sizes do not divide each other, what the new axes mean is lost.</summary>
    public ValueAxes Reshaped(IReadOnlyList<long> shape)
    {
        Queue<AxisPart> left = new(_axes.SelectMany(parts => parts));
        AxisPart? rest = null;
        bool isLost = false;
        List<AxisPart[]> axes = [];
        foreach (long size in shape)
        {
            List<AxisPart> parts = [];
            long open = size;
            while (open > 1 && !isLost)
            {
                if ((rest ?? (left.TryDequeue(out AxisPart next) ? next : null)) is not AxisPart part)
                {
                    isLost = true;
                }
                else if (open % part.Size == 0)
                {
                    parts.Add(part);
                    open /= part.Size;
                    rest = null;
                }
                else if (part.Size % open == 0)
                {
                    (AxisPart higher, rest) = part.SplitAt(part.Size / open);
                    parts.Add(higher);
                    open = 1;
                }
                else
                {
                    isLost = true;
                }
            }

            axes.Add(isLost ? NewFeature(size) : Simplified(parts));
        }

        return new ValueAxes(axes);
    }

    /// <summary>What the axes of values mean that are brought together, aligned at their last axes: places go before channels, and either before nothing known.
    /// Where two bring places in different orders, as windows and the map that they are cut from, there are none any more.</summary>
    /// <param name="operands">Null for constants.</param>
    /// <param name="sizes">The operands' shapes.</param>
    /// <param name="shape">The result's.</param>
    /// <param name="apart">An axis along which they lie one behind the other, which is a new one.</param>
    public static ValueAxes Joined(IReadOnlyList<ValueAxes?> operands, IReadOnlyList<long[]> sizes, IReadOnlyList<long> shape, int apart = -1)
    {
        AxisPart[][] axes = new AxisPart[shape.Count][];
        for (int axis = 0; axis < axes.Length; axis++)
        {
            int fromEnd = axes.Length - axis;
            AxisPart[]? best = null;
            bool isMixed = false;
            for (int i = 0; i < operands.Count && axis != apart; i++)
            {
                if (operands[i] is not ValueAxes known || fromEnd > known.Rank || sizes[i][^fromEnd] != shape[axis])
                {
                    continue;
                }

                AxisPart[] own = known[known.Rank - fromEnd];
                isMixed |= best is not null && Weight(own) > 0 && Weight(best) > 0 && !AxisRoles.AreAlike(best, own);
                best = best is null || Weight(own) > Weight(best) ? own : best;
            }

            axes[axis] = best is null || isMixed ? NewFeature(shape[axis]) : best;
        }

        return new ValueAxes(axes);
    }

    private static int Weight(AxisPart[] parts) => parts.Any(part => part.Origin.Kind != AxisKind.Feature) ? 1 : 0;

    private static AxisPart[] Simplified(List<AxisPart> parts)
    {
        List<AxisPart> simple = [];
        foreach (AxisPart part in parts)
        {
            if (simple.Count > 0 && simple[^1].Joined(part) is AxisPart joined)
            {
                simple[^1] = joined;
            }
            else
            {
                simple.Add(part);
            }
        }

        return [.. simple];
    }
}
