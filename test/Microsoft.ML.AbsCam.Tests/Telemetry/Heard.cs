using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microsoft.ML.AbsCam.Tests.Telemetry;

/// <summary>What was told while it listened: measurements with their tags, and activities that ended.</summary>
internal sealed class Heard : IDisposable
{
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _measured = new();
    private readonly ConcurrentQueue<Activity> _ended = new();

    /// <param name="meter">The meter's name.</param>
    /// <param name="source">The activity source's name.</param>
    public Heard(string meter, string source)
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = each => each.Name == source,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public IReadOnlyCollection<Activity> Activities => _ended;

    /// <summary>The sum of an instrument's measurements whose tags are these, as <c>name=value</c>.</summary>
    public double Sum(string name, params string[] tags) => Of(name, tags).Sum();

    /// <summary>Its measurements with these tags.</summary>
    public double[] Of(string name, params string[] tags)
        => [.. _measured.Where(each => each.Name == name && tags.All(tag => each.Tags.Any(pair => $"{pair.Key}={pair.Value}" == tag))).Select(each => each.Value)];

    /// <summary>Asks the instruments that are only asked.</summary>
    public void Ask() => _meters.RecordObservableInstruments();

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }

    private void Note(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => _measured.Enqueue((name, value, new(tags.ToArray())));
}
