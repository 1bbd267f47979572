namespace Microsoft.ML.AbsCam.Tool.Shards;

/// <summary>Cuts a list of pieces into ranges of about the same number of bytes.</summary>
internal static class ByteShares
{
    /// <summary>
    /// A piece falls to the share that its middle byte lies in, when all are laid end to end and the whole is cut into
    /// equal shares. So no range is further from its share than the larger of the two pieces at its ends.
    /// </summary>
    /// <param name="sizes">The pieces' sizes, in their order.</param>
    /// <param name="index">Which range.</param>
    /// <param name="count">How many there are; more than pieces leave some empty.</param>
    /// <returns>The first piece, and the one behind the last.</returns>
    public static (int First, int End) Range(IReadOnlyList<long> sizes, int index, int count)
    {
        // Of no known size, pieces count alike.
        Int128 total = Sum(sizes);
        bool isUnknown = total == 0;
        total = isUnknown ? sizes.Count : total;
        Int128 before = 0;
        int first = -1;
        for (int i = 0; i < sizes.Count; i++)
        {
            long size = isUnknown ? 1 : sizes[i];
            Int128 twiceMiddle = (2 * before) + size;

            // Pieces without a byte that stand at the end have their middle behind the last share.
            Int128 share = Int128.Min(twiceMiddle * count / (2 * total), count - 1);
            if (first < 0 && share >= index)
            {
                first = i;
            }

            if (share > index)
            {
                return (first, i);
            }

            before += size;
        }

        return (first < 0 ? sizes.Count : first, sizes.Count);
    }

    private static Int128 Sum(IReadOnlyList<long> sizes)
    {
        Int128 sum = 0;
        foreach (long size in sizes)
        {
            sum += size;
        }

        return sum;
    }
}
