using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>Writes what the library, the service and ASP.NET tell to the console, as OpenTelemetry does. Another exporter is another line.</summary>
internal static class TelemetryExport
{
    private const int SecondsBetween = 10;

    // <telemetry>
    public static void AddConsole(IServiceCollection services) => services.AddOpenTelemetry()
        .WithMetrics(metrics => metrics
            .AddMeter(AbsCamTelemetry.MeterName, ServiceTelemetry.Name, "Microsoft.AspNetCore.Hosting")
            .AddConsoleExporter((_, reader) => reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 1000 * SecondsBetween))
        .WithTracing(traces => traces
            .AddSource(AbsCamTelemetry.ActivitySourceName, ServiceTelemetry.Name, "Microsoft.AspNetCore")
            .AddConsoleExporter());

    // </telemetry>
}
