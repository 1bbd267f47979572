using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>
/// What every image of a run is asked: how class scores are made of the network's outputs, how many targets a row has, and what they are
/// told from.
/// </summary>
internal abstract record Question
{
    /// <summary>The questions that it consists of: mostly itself alone.</summary>
    public virtual IReadOnlyList<Question> Parts => [this];

    /// <summary>How many classes, or other numbers that can be asked about, a row has.</summary>
    public abstract int ClassCount { get; }

    /// <summary>Whether there are numbers from 0 to 1 that weigh altered images.</summary>
    public virtual bool HasProbabilities => true;

    /// <summary>Whether the logits are the network's own, and not logarithms of probabilities.</summary>
    public virtual bool HasLogits => true;

    /// <summary>Whether classes compete, so that a target can be the highest or not.</summary>
    public virtual bool HasRivals => Gamma is not null;

    /// <summary>Whether gradients begin at all of the outputs, and not at the scores of single classes.</summary>
    public virtual bool ReadsOutputs => true;

    /// <summary>Whether it is about a place of the image.</summary>
    public virtual bool IsPlaced => false;

    /// <summary>How many classes of a row are explained.</summary>
    public int TargetsPerRow { get; init; } = 1;

    /// <summary>How much of another class's logit is taken off: y_c - gamma y_d (Finer-CAM, arXiv 2501.11309); null for no contrast.</summary>
    public double? Gamma { get; init; }

    /// <summary>Settles what is asked of each row of a batch.</summary>
    /// <param name="outputs">What the network gives for the images themselves [B,outputs].</param>
    /// <param name="asks">What each row asks for.</param>
    /// <param name="ofEmptyImage">What the network gives for an image of zeros [1,outputs]; run when it is first asked for.</param>
    public abstract AskedScores Ask(Tensor outputs, RowAsks asks, Func<Tensor> ofEmptyImage);

    /// <summary>One or two sentences for the log.</summary>
    public abstract override string ToString();
}
