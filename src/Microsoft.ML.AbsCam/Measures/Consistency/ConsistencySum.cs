namespace Microsoft.ML.AbsCam.Measures.Consistency;

/// <summary>
/// Sums of the patterns of each class, u with mean 0 and length 1, of which products are correlations. The mean over all pairs of a class comes from the sum S alone,
/// (S·S - n) / (n (n - 1)), and so does that over all pairs with other classes, S·(T - S) / (n (N - n)) with T over all N rows: no row is kept.
/// </summary>
internal sealed class ConsistencySum
{
    private readonly SortedDictionary<int, (double[] Sum, int Rows)> _classes = [];

    public bool IsEmpty => _classes.Count == 0;

    /// <param name="target">The class.</param>
    /// <param name="pattern">The map's pattern.</param>
    public void Add(int target, IReadOnlyList<float> pattern)
    {
        (double[] sum, int rows) = _classes.TryGetValue(target, out (double[] Sum, int Rows) known) ? known : (new double[pattern.Count], 0);
        for (int i = 0; i < pattern.Count; i++)
        {
            sum[i] += pattern[i];
        }

        _classes[target] = (sum, rows + 1);
    }

    public IReadOnlyList<ClassConsistencyResult> Classes()
    {
        double[] all = new double[MapPattern.Length];
        int count = 0;
        foreach ((double[] sum, int rows) in _classes.Values)
        {
            count += rows;
            for (int i = 0; i < all.Length; i++)
            {
                all[i] += sum[i];
            }
        }

        return [.. _classes.Select(one => Of(one.Key, one.Value.Sum, one.Value.Rows, all, count))];
    }

    private static ClassConsistencyResult Of(int target, double[] sum, int rows, double[] all, int count)
    {
        double own = Product(sum, sum);
        return new ClassConsistencyResult(
            target,
            rows,
            rows > 1 ? (own - rows) / ((double)rows * (rows - 1)) : double.NaN,
            count > rows ? (Product(sum, all) - own) / ((double)rows * (count - rows)) : double.NaN);
    }

    private static double Product(double[] a, double[] b)
    {
        double product = 0;
        for (int i = 0; i < a.Length; i++)
        {
            product += a[i] * b[i];
        }

        return product;
    }
}
