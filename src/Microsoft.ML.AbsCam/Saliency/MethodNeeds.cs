namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>What a method asks of the network beside scores.</summary>
internal enum MethodNeeds
{
    /// <summary>No layer: plain forward passes.</summary>
    Image,

    /// <summary>No layer: forward passes, and the gradient at the image.</summary>
    InputGradient,

    /// <summary>No layer: a transformer's attention matrices.</summary>
    Attention,

    /// <summary>No layer: the biases of all nodes, and the gradients there.</summary>
    Biases,

    /// <summary>The layer's output: forward passes without a graph.</summary>
    Activation,

    /// <summary>The gradient at the layer.</summary>
    Gradient,
}
