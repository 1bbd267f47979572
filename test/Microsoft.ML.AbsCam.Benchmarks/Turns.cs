using System.Diagnostics;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>
/// Times of what takes turns within one run. Ratios are taken within a round and their median counts: a machine that is slower for a while
/// is so for both.
/// </summary>
internal sealed class Turns
{
    private readonly Dictionary<string, List<double>> _milliseconds = [];

    public double this[string name] => _milliseconds[name].Min();

    public IEnumerable<(string Name, double Least, double Median)> All
        => _milliseconds.Select(pair => (pair.Key, pair.Value.Min(), pair.Value.Order().ElementAt(pair.Value.Count / 2)));

    public double Ratio(string name, string to)
    {
        double[] ratios = [.. _milliseconds[name].Zip(_milliseconds[to], (a, b) => a / b).Order()];
        return (ratios[ratios.Length / 2] + ratios[(ratios.Length - 1) / 2]) / 2;
    }

    public void Time(string name, Action action)
    {
        // Threads of the turn before may still be spinning.
        Thread.Sleep(20);
        long start = Stopwatch.GetTimestamp();
        action();
        Add(name, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    public void Add(string name, double milliseconds)
    {
        if (!_milliseconds.TryGetValue(name, out List<double>? list))
        {
            _milliseconds[name] = list = [];
        }

        list.Add(milliseconds);
    }
}
