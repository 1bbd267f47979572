namespace Microsoft.ML.AbsCam.Telemetry;

/// <summary>Measures one pass from its making to its disposal; nothing where nobody listens.</summary>
internal readonly struct PhaseTimer(BatchTelemetry? batch, ExplainPhase phase) : IDisposable
{
    private readonly TimeSpan _begin = batch?.Elapsed ?? default;

    public void Dispose() => batch?.Note(phase, _begin);
}
