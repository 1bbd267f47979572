namespace Microsoft.ML.AbsCam;

/// <summary>Which of Abs-CAM's two maps is given (arXiv 2207.03648).</summary>
public enum SaliencyPhase
{
    /// <summary>The map of phase 1: activations weighted by the mean absolute gradient. One forward pass an image.</summary>
    Initial,

    /// <summary>The map of phase 2: activations weighted by what the network says of the image masked with them. One further forward pass a channel that matters.</summary>
    Final,
}
