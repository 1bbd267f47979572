using System.Diagnostics;

namespace Microsoft.ML.AbsCam.Benchmarks;

/// <summary>Times of what takes turns within one run; the quickest turn of each counts, so that what else the machine does weighs little.</summary>
internal sealed class Turns
{
    private readonly Dictionary<string, List<double>> _milliseconds = [];

    public double this[string name] => _milliseconds[name].Min();

    public IEnumerable<(string Name, double Least, double Median)> All
        => _milliseconds.Select(pair => (pair.Key, pair.Value.Min(), pair.Value.Order().ElementAt(pair.Value.Count / 2)));

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
