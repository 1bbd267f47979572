using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Telemetry;

/// <summary>What <see cref="AbsCamTelemetry"/> describes.</summary>
internal static class Instruments
{
    public const string MethodTag = "abscam.method";
    public const string StatusTag = "abscam.status";
    public const string PhaseTag = "abscam.phase";

    private static readonly string? Version = typeof(Instruments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
    private static readonly Meter Meter = new(AbsCamTelemetry.MeterName, Version);

    static Instruments() => Meter.CreateObservableUpDownCounter("abscam.tensors", () => torch.Tensor.TotalCount, "{tensor}", "TorchSharp's live tensors in the process.");

    public static ActivitySource Source { get; } = new(AbsCamTelemetry.ActivitySourceName, Version);

    public static Counter<long> Images { get; } = Meter.CreateCounter<long>("abscam.images", "{image}", "Images that were explained, or scored alone.");

    public static Counter<long> Unreadable { get; } = Meter.CreateCounter<long>("abscam.images.unreadable", "{image}", "Rows without an image, or with one that could not be read.");

    public static Counter<long> Maps { get; } = Meter.CreateCounter<long>("abscam.maps", "{map}", "Maps that were asked for.");

    public static Counter<long> Forwards { get; } = Meter.CreateCounter<long>("abscam.forwards", "{image}", "Images that went through the network.");

    public static Counter<long> Masks { get; } = Meter.CreateCounter<long>("abscam.masks", "{image}", "Masked images that went through the network.");

    public static Counter<long> MasksExpected { get; } = Meter.CreateCounter<long>("abscam.masks.expected", "{image}", "Masked images that a batch sets out to run, at most.");

    public static Histogram<double> PhaseDuration { get; } = Meter.CreateHistogram<double>("abscam.phase.duration", "ms", "What a batch spent in a phase.");

    /// <summary>Whether anybody listens to what a batch tells.</summary>
    public static bool AreHeard => Source.HasListeners() || Images.Enabled || Maps.Enabled || Forwards.Enabled || PhaseDuration.Enabled;
}
