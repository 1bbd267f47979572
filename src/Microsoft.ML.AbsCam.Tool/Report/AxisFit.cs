namespace Microsoft.ML.AbsCam.Tool.Report;

/// <summary>
/// Along one axis: the few values that, enlarged between the middles of their places as overlays enlarge a map, come nearest to many values in the mean of
/// squares. They are the many values' origin where those were made so.
/// </summary>
internal sealed class AxisFit
{
    private readonly int[] _before;
    private readonly double[] _weight;

    // The normal equations have three diagonals, since a value lies between two neighbours; they are eliminated once.
    private readonly double[] _pivot;
    private readonly double[] _factor;
    private readonly double[] _beside;

    /// <param name="many">How many values there are.</param>
    /// <param name="few">How many they are to come from, at most as many.</param>
    public AxisFit(int many, int few)
    {
        (Many, Few) = (many, few);
        (_before, _weight, _pivot, _factor, _beside) = (new int[many], new double[many], new double[few], new double[few], new double[few]);
        for (int i = 0; i < many; i++)
        {
            double place = Math.Clamp(((i + 0.5) * few / many) - 0.5, 0, few - 1);
            _before[i] = Math.Min((int)place, Math.Max(few - 2, 0));
            _weight[i] = place - _before[i];
            _pivot[_before[i]] += (1 - _weight[i]) * (1 - _weight[i]);
            if (few > 1)
            {
                _pivot[_before[i] + 1] += _weight[i] * _weight[i];
                _beside[_before[i]] += _weight[i] * (1 - _weight[i]);
            }
        }

        for (int i = 1; i < few; i++)
        {
            _factor[i] = _beside[i - 1] / _pivot[i - 1];
            _pivot[i] -= _factor[i] * _beside[i - 1];
        }

        for (int i = 0; i + 1 < few; i++)
        {
            _beside[i] /= _pivot[i];
        }
    }

    public int Many { get; }

    public int Few { get; }

    /// <summary>Finds the few values.</summary>
    /// <param name="values">The many.</param>
    /// <param name="fitted">Where the few go.</param>
    public void Fit(ReadOnlySpan<float> values, Span<double> fitted)
    {
        fitted.Clear();
        for (int i = 0; i < Many; i++)
        {
            fitted[_before[i]] += (1 - _weight[i]) * values[i];
            if (Few > 1)
            {
                fitted[_before[i] + 1] += _weight[i] * values[i];
            }
        }

        for (int i = 1; i < Few; i++)
        {
            fitted[i] -= _factor[i] * fitted[i - 1];
        }

        fitted[^1] /= _pivot[^1];
        for (int i = Few - 2; i >= 0; i--)
        {
            fitted[i] = (fitted[i] / _pivot[i]) - (_beside[i] * fitted[i + 1]);
        }
    }

    /// <summary>Between which of the few the i-th of the many lies, and how near to the second.</summary>
    public (int Before, int After, double Weight) At(int i) => (_before[i], Math.Min(_before[i] + 1, Few - 1), _weight[i]);
}
