namespace Microsoft.ML.AbsCam.Networks.Cascade;

/// <summary>A network with weights drawn anew, and what ends that.</summary>
/// <param name="Network">The network.</param>
/// <param name="End">Frees a copy, or puts the trained weights back.</param>
internal sealed record RandomisedNetwork(ImageNetwork Network, Action End) : IDisposable
{
    public void Dispose() => End();
}
