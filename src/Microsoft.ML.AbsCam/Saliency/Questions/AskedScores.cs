using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>One number a class and row of a batch, made of the network's outputs for its images or for altered ones.</summary>
internal abstract class AskedScores : IDisposable
{
    private readonly List<Tensor> _kept = [];

    /// <summary>The logits [N,classes]: what is differentiated.</summary>
    /// <param name="outputs">What the network gives for N images [N,outputs].</param>
    /// <param name="rows">The row of the batch that each image was made of.</param>
    public abstract Tensor Logits(Tensor outputs, ReadOnlySpan<int> rows);

    /// <summary>Numbers [N,classes], mostly probabilities: what weighs altered images.</summary>
    /// <inheritdoc cref="Logits"/>
    public abstract Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows);

    /// <summary>What stands in the columns of probabilities and scores [B,classes]: mostly <see cref="Probabilities"/>.</summary>
    /// <inheritdoc cref="Logits"/>
    public virtual Tensor Shown(Tensor outputs, ReadOnlySpan<int> rows) => Probabilities(outputs, rows);

    /// <summary>The class of each row, where the question settles it; null where rows ask, or the highest is taken.</summary>
    public virtual int[]? Classes => null;

    /// <summary>Rows that ask for something which is not there.</summary>
    public virtual bool IsFound(int row) => true;

    /// <summary>Where in the network's input a row is asked about; null where it is about no place, or one that is not there.</summary>
    public virtual AskedPlace? PlaceOf(int row) => null;

    public void Dispose() => _kept.ForEach(tensor => tensor.Dispose());

    /// <summary>Keeps a tensor for as long as the batch may be asked, whatever scope ends before.</summary>
    protected Tensor Keep(Tensor tensor)
    {
        _kept.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
