namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What the numbers are that a network gives for its classes, as evidence shows.</summary>
internal enum ScoreKind
{
    /// <summary>Real numbers, some below 0 or above 1, that nothing behind them turns into probabilities.</summary>
    Logits,

    /// <summary>The numbers before the softmax that the network ends in.</summary>
    BeforeSoftmax,

    /// <summary>The numbers before the sigmoid that the network ends in.</summary>
    BeforeSigmoid,

    /// <summary>Probabilities of which one class is true; what lies before their softmax was not found.</summary>
    Probabilities,

    /// <summary>Probabilities of which each stands for itself; what lies before their sigmoid was not found.</summary>
    OwnProbabilities,

    /// <summary>Numbers from 0 to 1 that do not add up to 1: probabilities of each class's own, or small logits. Nothing tells.</summary>
    Unclear,
}
