using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>Puts the service together.</summary>
internal static class PhotoService
{
    // A sender slower than this is cut off. One that is a little faster is cut off by the deadline.
    private static readonly MinDataRate SlowestSender = new(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(5));

    /// <param name="args">The command line.</param>
    /// <param name="change">For tests: changes what was registered.</param>
    public static WebApplication Create(string[] args, Action<IServiceCollection>? change = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        ServiceOptions options = (builder.Configuration.GetSection(ServiceOptions.Section).Get<ServiceOptions>() ?? new ServiceOptions()).Checked();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ExplainModel>();
        builder.Services.AddSingleton<EnginePool>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<UploadRoom>();
        builder.Services.AddSingleton<ServiceTelemetry>();
        builder.Services.AddSingleton<PhotoEndpoints>();
        builder.Services.AddHostedService<ModelLoader>();
        builder.Services.AddProblemDetails();
        builder.Services.AddHealthChecks().AddCheck<ModelHealth>("network", tags: [ModelHealth.Tag]);
        Limit(builder, options);
        if (options.Telemetry is not null)
        {
            TelemetryExport.AddConsole(builder.Services);
        }

        change?.Invoke(builder.Services);

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        Page.Use(app);
        Map(app);
        return app;
    }

    // <limits>
    private static void Limit(WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = options.MaxUploadBytes;
            kestrel.Limits.MinRequestBodyDataRate = SlowestSender;
        });

        // Kestrel counts a form's bytes as a whole; kept in memory, they leave no files behind.
        builder.Services.Configure<FormOptions>(form =>
        {
            form.MultipartBodyLengthLimit = options.MaxUploadBytes;
            form.MemoryBufferThreshold = options.MaxUploadBytes;
        });

        // Kestrel takes no new connections and waits so long for running requests; then the container frees the engines, and the networks last.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.ShutdownSeconds));
    }

    // </limits>
    private static void Map(WebApplication app)
    {
        PhotoEndpoints photos = app.Services.GetRequiredService<PhotoEndpoints>();
        app.Services.GetRequiredService<ServiceTelemetry>().Watch(app.Services.GetRequiredService<UploadRoom>(), app.Services.GetRequiredService<EnginePool>());
        app.MapPost("/explain", (Delegate)photos.ExplainAsync);
        app.MapPost("/overlay", (Delegate)photos.OverlayAsync);
        app.MapGet("/network", (Delegate)photos.Network);
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ModelHealth.Tag) });
        app.MapGet("/status", (EnginePool pool) => ServiceStatus.Now(pool));
    }
}
