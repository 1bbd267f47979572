namespace Microsoft.ML.AbsCam.Measures.Consistency;

/// <summary>
/// Sums of the patterns of each class, u with mean 0 and length 1, of which products are correlations. The mean over all pairs of a class comes from the sum S alone,
/// (S·S - n) / (n (n - 1)), and so does that over all pairs with other classes, S·(T - S) / (n (N - n)) with T over all N rows: no row is kept.
/// </summary>
internal sealed class ConsistencySum
{
    private readonly SortedDictionary<int, ClassPatterns> _classes = [];

    /// <summary>How many rows there are.</summary>
    public long Rows => _classes.Values.Sum(patterns => (long)patterns.Rows);

    public bool IsEmpty => _classes.Count == 0;

    /// <param name="target">The class.</param>
    /// <param name="pattern">The map's pattern.</param>
    public void Add(int target, IReadOnlyList<float> pattern)
    {
        if (!_classes.TryGetValue(target, out ClassPatterns? patterns))
        {
            _classes.Add(target, patterns = new ClassPatterns());
        }

        patterns.Add(pattern);
    }

    /// <param name="seed">What the intervals' draws come from.</param>
    public IReadOnlyList<ClassConsistencyResult> Classes(int seed)
    {
        double[] all = new double[MapPattern.Length];
        foreach (ClassPatterns patterns in _classes.Values)
        {
            patterns.AddTo(all);
        }

        int count = _classes.Values.Sum(patterns => patterns.Rows);
        return [.. _classes.Select(one => one.Value.Result(one.Key, all, count, seed))];
    }
}
