namespace Microsoft.ML.AbsCam.Telemetry;

/// <summary>What a batch spends its time on, where the network is asked; the rest is "map".</summary>
internal enum ExplainPhase
{
    /// <summary>The images' own pass.</summary>
    Forward,

    /// <summary>The gradients of the targets' scores.</summary>
    Gradient,

    /// <summary>Passes of masked images, of backgrounds, and of ablated activations.</summary>
    Masks,
}
