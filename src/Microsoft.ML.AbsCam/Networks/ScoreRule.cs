namespace Microsoft.ML.AbsCam;

/// <summary>How a network's class scores become probabilities.</summary>
public enum ScoreRule
{
    /// <summary>
    /// As the network ends, found by the values that it gives for made-up images: scores that already are probabilities are taken as they
    /// are, those before a sigmoid get one, one single score stands for two classes, and of all others the softmax is taken. The default.
    /// </summary>
    Auto,

    /// <summary>One class an image: the probabilities of all classes add up to 1.</summary>
    Softmax,

    /// <summary>Several labels an image: each class has a probability of its own. One single score then is one class.</summary>
    Sigmoid,

    /// <summary>
    /// The network's own outputs are probabilities and are taken as they are; what is differentiated is the logit where it can be found, else
    /// the logarithm. One single output is that of class 1 of two.
    /// </summary>
    Probabilities,

    /// <summary>
    /// The scores are no measure of probability, as in regression: the score itself stands where a probability would, one single score is one
    /// class, and methods and measures that weigh by probabilities are refused.
    /// </summary>
    None,
}
