using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>Ready once a photo was explained, until the service is told to stop.</summary>
internal sealed class ModelHealth(ExplainModel model, IHostApplicationLifetime lifetime) : IHealthCheck
{
    public const string Tag = "ready";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The service is stopping.")
        : model.IsReady ? HealthCheckResult.Healthy("The network explains photos.")
        : HealthCheckResult.Unhealthy("The network is still being loaded."));
}
