using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What the service tells of itself; ASP.NET tells of requests, and the library of explaining.</summary>
internal sealed class ServiceTelemetry
{
    public const string Name = "Microsoft.ML.AbsCam.Samples.Service";

    private static readonly ActivitySource Source = new(Name);
    private readonly Meter _meter;
    private readonly Histogram<double> _phases;

    public ServiceTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _phases = _meter.CreateHistogram<double>("abscam.service.phase.duration", "ms", "What a photo spent on its way: upload, wait, explain.");
    }

    /// <summary>Tells how many are where, whenever somebody asks.</summary>
    public void Watch(UploadRoom room, EnginePool pool)
    {
        _meter.CreateObservableUpDownCounter("abscam.service.uploads", () => room.Senders, "{photo}", "Photos that are being sent.");
        _meter.CreateObservableUpDownCounter("abscam.service.uploads.size", () => room.Bytes, "By", "How much of them is here.");
        _meter.CreateObservableUpDownCounter("abscam.service.queue", () => pool.Waiting, "{photo}", "Photos that wait for an engine.");
        _meter.CreateObservableUpDownCounter("abscam.service.engines.free", () => pool.Free, "{engine}", "Engines that nobody uses.");
    }

    /// <summary>A phase of a photo's way: what is timed lasts until it is disposed.</summary>
    public IDisposable Phase(string name) => new Timed(_phases, name);

    private sealed class Timed(Histogram<double> phases, string name) : IDisposable
    {
        private readonly Activity? _activity = Source.StartActivity($"photo.{name}");
        private readonly long _start = Stopwatch.GetTimestamp();

        public void Dispose()
        {
            phases.Record(Stopwatch.GetElapsedTime(_start).TotalMilliseconds, new KeyValuePair<string, object?>("abscam.service.phase", name));
            _activity?.Dispose();
        }
    }
}
