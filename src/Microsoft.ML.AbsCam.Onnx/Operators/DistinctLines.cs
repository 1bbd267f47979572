namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>The lines of a table, each told once.</summary>
/// <param name="Firsts">For each distinct line, where it comes first.</param>
/// <param name="Inverse">For each line, which distinct one it is.</param>
/// <param name="Counts">For each distinct line, how often it comes.</param>
internal sealed record DistinctLines(long[] Firsts, long[] Inverse, long[] Counts)
{
    /// <param name="numbers">The table, line by line.</param>
    /// <param name="count">Its lines.</param>
    /// <param name="sorted">Whether the distinct lines come in ascending order, or else as they come first.</param>
    public static DistinctLines Of<T>(T[] numbers, int count, bool sorted)
        where T : IComparable<T>
    {
        int width = count == 0 ? 0 : numbers.Length / count;
        int Compare(int a, int b) => numbers.AsSpan(a * width, width).SequenceCompareTo(numbers.AsSpan(b * width, width));

        int[] order = [.. Enumerable.Range(0, count)];
        Array.Sort(order, (a, b) => Compare(a, b) is int difference and not 0 ? difference : a - b);
        List<List<int>> groups = [];
        foreach (int line in order)
        {
            if (groups.Count == 0 || Compare(groups[^1][0], line) != 0)
            {
                groups.Add([]);
            }

            groups[^1].Add(line);
        }

        List<int>[] told = sorted ? [.. groups] : [.. groups.OrderBy(group => group[0])];
        long[] inverse = new long[count];
        for (int i = 0; i < told.Length; i++)
        {
            foreach (int line in told[i])
            {
                inverse[line] = i;
            }
        }

        return new DistinctLines([.. told.Select(group => (long)group[0])], inverse, [.. told.Select(group => (long)group.Count)]);
    }
}
