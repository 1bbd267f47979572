using System.Runtime.InteropServices;

namespace Microsoft.ML.AbsCam.Measures;

/// <summary>Gathers the rows of one measure: a number and a class a row, and one mean curve.</summary>
internal sealed class MeasureSum(SaliencyMeasure measure)
{
    private readonly List<double> _values = [];
    private readonly List<int> _classes = [];
    private double[]? _curve;
    private int _unmeasured;

    public void Add(SaliencyRowMetrics row, int place)
    {
        MeasureValue value = row.Values[place];
        if (!value.IsMeasured)
        {
            _unmeasured++;
            return;
        }

        _values.Add(value.Value);
        _classes.Add(row.Target);
        if (row.Curves[place] is { } curve)
        {
            _curve ??= new double[curve.Count];
            if (_curve.Length != curve.Count)
            {
                throw new ArgumentException($"Row {row.Row} has a {measure.Name} curve of {curve.Count} scores, and rows before it one of {_curve.Length}. Rows of another protocol or input size are summed up on their own.", nameof(row));
            }

            for (int i = 0; i < _curve.Length; i++)
            {
                _curve[i] += curve[i];
            }
        }
    }

    public MeasureResult Result(int seed)
    {
        if (_values.Count == 0)
        {
            return new MeasureResult(measure, double.NaN, double.NaN, double.NaN, 0, _unmeasured, null);
        }

        Span<double> values = CollectionsMarshal.AsSpan(_values);
        Span<int> classes = CollectionsMarshal.AsSpan(_classes);
        (double lower, double upper) = Bootstrap.Interval(values, classes, measure.Summarise, seed);
        return new MeasureResult(measure, measure.Summarise(values, classes), lower, upper, _values.Count, _unmeasured, MeanCurve()) { Classes = [.. ByClass(seed)] };
    }

    private IEnumerable<ClassMeasureResult> ByClass(int seed)
    {
        foreach (IGrouping<int, double> rows in _classes.Zip(_values).GroupBy(row => row.First, row => row.Second).OrderBy(rows => rows.Key))
        {
            double[] values = [.. rows];
            int[] same = new int[values.Length];
            (double lower, double upper) = Bootstrap.Interval(values, same, measure.Summarise, seed);
            yield return new ClassMeasureResult(rows.Key, measure.Summarise(values, same), lower, upper, values.Length);
        }
    }

    private PerturbationCurve? MeanCurve() => _curve is null
        ? null
        : new PerturbationCurve(
            measure.Axes.Shares ?? [.. Enumerable.Range(0, _curve.Length).Select(i => i / (double)(_curve.Length - 1))],
            [.. _curve.Select(sum => sum / _values.Count)])
        {
            ShareTitle = measure.Axes.Across,
            ProbabilityTitle = measure.Axes.Up,
        };
}
