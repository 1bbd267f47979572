using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Measures.Consistency;

/// <summary>
/// The patterns of one class, in as many sums as are kept apart for its interval: of a class with no more rows than sums, each row is one, and of a larger class every sum holds
/// one of each so many rows, which one being drawn by chance, since data may have a period of their own. A resample draws sums with replacement; pairs of a row with itself, which correlate by 1 whatever the class, are taken out of it.
/// </summary>
internal sealed class ClassPatterns
{
    /// <summary>How many sums are kept apart.</summary>
    public const int Most = 32;

    private readonly List<(double[] Sum, int Rows)> _parts = [];
    private readonly int[] _order = [.. Enumerable.Range(0, Most)];

    public int Rows { get; private set; }

    public void Add(IReadOnlyList<float> pattern)
    {
        if (Rows > 0 && Rows % Most == 0)
        {
            new Random(Rows).Shuffle(_order);
        }

        int part = _order[Rows++ % Most];
        if (part == _parts.Count)
        {
            _parts.Add((new double[pattern.Count], 0));
        }

        (double[] sum, int rows) = _parts[part];
        for (int i = 0; i < pattern.Count; i++)
        {
            sum[i] += pattern[i];
        }

        _parts[part] = (sum, rows + 1);
    }

    /// <summary>Adds the sum of all patterns to another.</summary>
    public void AddTo(double[] sum)
    {
        foreach ((double[] part, _) in _parts)
        {
            TensorPrimitives.Add(sum, part, sum);
        }
    }

    /// <param name="target">The class.</param>
    /// <param name="all">The sum of the patterns of all classes.</param>
    /// <param name="count">How many these are.</param>
    /// <param name="seed">What the interval's draws come from.</param>
    public ClassConsistencyResult Result(int target, double[] all, int count, int seed)
    {
        double[] others = [.. all];
        foreach ((double[] part, _) in _parts)
        {
            TensorPrimitives.Subtract(others, part, others);
        }

        // Products of the parts with one another, and with the sum of the other classes, are all that is needed of them.
        double[][] products = [.. _parts.Select(a => _parts.Select(b => TensorPrimitives.Dot<double>(a.Sum, b.Sum)).ToArray())];
        double[] beyond = [.. _parts.Select(part => TensorPrimitives.Dot<double>(part.Sum, others))];
        int[] drawn = [.. _parts.Select(_ => 1)];
        (double within, double between) = Means(drawn, products, beyond, count - Rows);
        (double lower, double upper) = Rows < Bootstrap.LeastRows || double.IsNaN(within - between) ? (double.NaN, double.NaN) : Bootstrap.Interval(
            random =>
            {
                Array.Clear(drawn);
                for (int i = 0; i < drawn.Length; i++)
                {
                    drawn[random.Next(drawn.Length)]++;
                }

                (double own, double rest) = Means(drawn, products, beyond, count - Rows);
                return own - rest;
            },
            seed);
        return new ClassConsistencyResult(target, Rows, within, between) { Lower = lower, Upper = upper };
    }

    /// <summary>The means over pairs, where each part was drawn so often; NaN where there is no pair.</summary>
    private (double Within, double Between) Means(int[] drawn, double[][] products, double[] beyond, int others)
    {
        (double own, double rest, double rows, double selves) = (0, 0, 0, 0);
        for (int i = 0; i < drawn.Length; i++)
        {
            rows += (double)drawn[i] * _parts[i].Rows;
            selves += (double)drawn[i] * drawn[i] * _parts[i].Rows;
            rest += drawn[i] * beyond[i];
            for (int j = 0; j < drawn.Length; j++)
            {
                own += drawn[i] * drawn[j] * products[i][j];
            }
        }

        double pairs = (rows * rows) - selves;
        return (pairs > 0 ? (own - selves) / pairs : double.NaN, others > 0 ? rest / (rows * others) : double.NaN);
    }
}
