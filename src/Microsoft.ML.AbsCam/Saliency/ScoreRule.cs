namespace Microsoft.ML.AbsCam;

/// <summary>How a network's class scores become probabilities.</summary>
public enum ScoreRule
{
    /// <summary>Sigmoid for a network that ends in one, softmax for all others. The default.</summary>
    Auto,

    /// <summary>One class an image: the probabilities of all classes add up to 1.</summary>
    Softmax,

    /// <summary>Several labels an image: each class has a probability of its own.</summary>
    Sigmoid,
}
