namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>Loads the network beside the server, which says meanwhile that it is alive and not ready.</summary>
internal sealed class ModelLoader(ExplainModel model, ServiceOptions options, IHostApplicationLifetime lifetime, ILogger<ModelLoader> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Run(model.Load, stoppingToken);
            ServiceLog.Ready(log, options.PoolSize, options.Networks);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ServiceLog.Failed(log, e);
            Environment.ExitCode = 1;

            // A server that is told to stop before it has started throws.
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
        }
    }
}
