using System.Diagnostics;

namespace Microsoft.ML.AbsCam.Telemetry;

/// <summary>Gathers what one batch spends in each phase, and tells it at the end.</summary>
internal sealed class BatchTelemetry : IDisposable
{
    private static readonly string[] Names = [.. Enum.GetNames<ExplainPhase>().Select(name => name.ToLowerInvariant())];

    private readonly string _method;
    private readonly Activity? _activity;
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly (int Passes, TimeSpan First, TimeSpan Last, TimeSpan Sum)[] _phases = new (int, TimeSpan, TimeSpan, TimeSpan)[Names.Length];

    private BatchTelemetry(string method, Activity? activity) => (_method, _activity) = (method, activity);

    /// <summary>Since the batch began.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Begins a batch; null where nobody listens.</summary>
    /// <param name="network">The network's name.</param>
    /// <param name="method">The method's; "none" where no maps are asked for.</param>
    /// <param name="layers">The layers that are explained.</param>
    /// <param name="engine">What runs forward passes.</param>
    public static BatchTelemetry? Start(string network, string method, IReadOnlyList<string> layers, string engine)
    {
        if (!Instruments.AreHeard)
        {
            return null;
        }

        Activity? activity = Instruments.Source.StartActivity("abscam.explain");
        activity?.SetTag("abscam.network", network).SetTag(Instruments.MethodTag, method).SetTag("abscam.layers", string.Join(' ', layers)).SetTag("abscam.engine", engine);
        return new BatchTelemetry(method, activity);
    }

    /// <summary>Adds a pass that began then and ends now. Passes of a batch come one after the other.</summary>
    public void Note(ExplainPhase phase, TimeSpan begin)
    {
        ref (int Passes, TimeSpan First, TimeSpan Last, TimeSpan Sum) noted = ref _phases[(int)phase];
        TimeSpan end = Elapsed;
        noted = (noted.Passes + 1, noted.Passes == 0 ? begin : noted.First, end, noted.Sum + (end - begin));
    }

    /// <summary>Tells what came of a batch.</summary>
    /// <param name="images">How many images it had.</param>
    /// <param name="forwards">How many went through the network.</param>
    /// <param name="statuses">One for each map that was asked for.</param>
    public void Done(int images, int forwards, IEnumerable<string> statuses)
    {
        TimeSpan whole = Elapsed;
        KeyValuePair<string, object?> method = new(Instruments.MethodTag, _method);
        Instruments.Images.Add(images, method);
        Instruments.Forwards.Add(forwards, method);
        foreach (IGrouping<string, string> status in statuses.GroupBy(status => status))
        {
            Instruments.Maps.Add(status.Count(), method, new(Instruments.StatusTag, status.Key));
        }

        TimeSpan rest = whole;
        for (int phase = 0; phase < Names.Length; phase++)
        {
            if (_phases[phase] is { Passes: > 0 } noted)
            {
                Instruments.PhaseDuration.Record(noted.Sum.TotalMilliseconds, method, new(Instruments.PhaseTag, Names[phase]));
                Trace(Names[phase], noted.Passes, noted.First, noted.Last, noted.Sum);
                rest -= noted.Sum;
            }
        }

        Instruments.PhaseDuration.Record(rest.TotalMilliseconds, method, new(Instruments.PhaseTag, "map"));
        _activity?.SetTag("abscam.images", images).SetTag("abscam.forwards", forwards);
        _activity?.SetStatus(ActivityStatusCode.Ok);
    }

    /// <summary>Tells that it came to nothing.</summary>
    public void Failed(Exception e) => _activity?.SetStatus(ActivityStatusCode.Error, e.Message).AddException(e);

    public void Dispose() => _activity?.Dispose();

    private void Trace(string phase, int passes, TimeSpan first, TimeSpan last, TimeSpan sum)
    {
        if (_activity is not null)
        {
            using Activity? child = Instruments.Source.StartActivity(ActivityKind.Internal, _activity.Context, startTime: _start + first, name: $"abscam.{phase}");
            child?.SetTag("abscam.passes", passes).SetTag("abscam.milliseconds", sum.TotalMilliseconds).SetEndTime((_start + last).UtcDateTime);
        }
    }
}
