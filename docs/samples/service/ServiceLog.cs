namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>The lines of the log.</summary>
internal static partial class ServiceLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Message}")]
    public static partial void Pipeline(ILogger logger, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "The network is ready: {PoolSize} engines over {Networks} networks")]
    public static partial void Ready(ILogger logger, int poolSize, int networks);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The network cannot be used, so the service ends")]
    public static partial void Failed(ILogger logger, Exception exception);
}
