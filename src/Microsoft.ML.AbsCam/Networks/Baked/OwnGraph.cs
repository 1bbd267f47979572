namespace Microsoft.ML.AbsCam.Networks.Baked;

/// <summary>A graph that was baked for this library itself, and is open.</summary>
/// <param name="Plan">What it gives.</param>
/// <param name="Session">Runs it.</param>
internal sealed record OwnGraph(BakedPlan Plan, BakedRun Session) : IDisposable
{
    public void Dispose() => Session.Dispose();
}
