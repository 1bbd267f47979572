namespace Microsoft.ML.AbsCam.Onnx.Messages;

/// <summary>Finds the names that a mistyped one may have meant.</summary>
internal static class NearNames
{
    /// <summary>The names nearest to <paramref name="asked"/> by edit distance, best first; those that differ in more than half of the letters are left out.</summary>
    public static IReadOnlyList<string> Of(string asked, IEnumerable<string> known, int atMost = 3) =>
        [.. known
            .Distinct(StringComparer.Ordinal)
            .Select(name => (Name: name, Distance: Rank(asked, name)))
            .Where(near => near.Distance <= Math.Max(2, asked.Length / 2))
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Name, StringComparer.Ordinal)
            .Take(atMost)
            .Select(near => near.Name)];

    /// <summary>A half sentence to append to a message: <c>Did you mean 'a' or 'b'?</c>, or empty where nothing is near.</summary>
    public static string Hint(string asked, IEnumerable<string> known)
    {
        IReadOnlyList<string> near = Of(asked, known);
        return near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}?";
    }

    /// <summary>The least number of inserted, removed or replaced characters that turns one text into the other, regardless of case.</summary>
    public static int Distance(string left, string right)
    {
        int[] above = [.. Enumerable.Range(0, right.Length + 1)];
        int[] row = new int[right.Length + 1];
        for (int i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = above[j - 1] + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
            }

            (above, row) = (row, above);
        }

        return above[right.Length];
    }

    // A name that contains what was asked for is nearer than its length says: "layer3" means "/layer3/Add_output_0".
    private static int Rank(string asked, string name) =>
        asked.Length > 0 && name.Contains(asked, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(asked, name);
}
