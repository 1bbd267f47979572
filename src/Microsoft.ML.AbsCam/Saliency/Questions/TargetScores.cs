using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>
/// The scalars that one question is about: from the network's outputs for its images, or for altered ones, to one number for each target
/// of the row that they were made of.
/// </summary>
/// <param name="question">What is asked of every image.</param>
/// <param name="asked">The scores of the classes.</param>
/// <param name="scored">The classes that the rows ask for.</param>
internal sealed class TargetScores(Question question, AskedScores asked, ScoredBatch scored)
{
    /// <summary>Scores and targets of the rows.</summary>
    public ScoredBatch Scored => scored;

    /// <summary>The logits of the targets [N,T]: what is differentiated.</summary>
    /// <param name="outputs">What the network gives for N images [N,outputs].</param>
    /// <param name="rows">The row of the batch that each image was made of.</param>
    public Tensor Logits(Tensor outputs, ReadOnlySpan<int> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = asked.Logits(outputs, rows);
        Tensor targets = logits.gather(1, Index(scored.SafeTargets, rows, logits.device));
        return (question.Gamma is double gamma
            ? targets - logits.gather(1, Index(scored.SafeAgainst!, rows, logits.device)).mul(HeldScalar.Of(gamma))
            : targets).MoveToOuterDisposeScope();
    }

    /// <summary>The probabilities of the targets [N,T]; for a contrast the sigmoid of its logit, which is that of the one class against the other.</summary>
    /// <inheritdoc cref="Logits(Tensor, ReadOnlySpan{int})"/>
    public Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        return (question.Gamma is not null
            ? Logits(outputs, rows).sigmoid()
            : asked.Probabilities(outputs, rows).gather(1, Index(scored.SafeTargets, rows, outputs.device))).MoveToOuterDisposeScope();
    }

    /// <summary>1 where a target is the highest of its classes, or higher than the one that it is told from, else 0 [N,T].</summary>
    /// <inheritdoc cref="Logits(Tensor, ReadOnlySpan{int})"/>
    public Tensor AreHighest(Tensor outputs, ReadOnlySpan<int> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor are = question.Gamma is not null
            ? Logits(outputs, rows).gt(HeldScalar.Of(0L))
            : asked.Probabilities(outputs, rows).argmax(1, keepdim: true).eq(Index(scored.SafeTargets, rows, outputs.device));
        return are.to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The question, where it is about classes of a score vector, each of which can be differentiated by itself; null where it is not.</summary>
    public ClassQuestion? OfClasses => question as ClassQuestion;

    /// <summary>The classes whose gradients the targets are made of, one array for each, with a class for each row.</summary>
    public IEnumerable<long[]> Wanted => question.Gamma is null ? ByTarget(scored.SafeTargets) : [.. ByTarget(scored.SafeTargets), .. ByTarget(scored.SafeAgainst!)];

    /// <summary>The targets' gradients of those of <see cref="Wanted"/>.</summary>
    /// <param name="gradient">Finds the gradient of such an array.</param>
    public IEnumerable<Tensor> Combine(Func<long[], Tensor> gradient) => question.Gamma is double gamma
        ? ByTarget(scored.SafeTargets).Zip(ByTarget(scored.SafeAgainst!), (of, against) => gradient(of) - gradient(against).mul(HeldScalar.Of(gamma)))
        : ByTarget(scored.SafeTargets).Select(gradient);

    // One array a target, with a class for each row.
    private long[][] ByTarget(int[] classes)
        => [.. Enumerable.Range(0, scored.TargetsPerRow).Select(t => Enumerable.Range(0, scored.Rows).Select(row => (long)classes[(row * scored.TargetsPerRow) + t]).ToArray())];

    private Tensor Index(int[] classes, ReadOnlySpan<int> rows, Device device)
    {
        int targets = scored.TargetsPerRow;
        long[] index = new long[rows.Length * targets];
        for (int i = 0; i < index.Length; i++)
        {
            index[i] = classes[(rows[i / targets] * targets) + (i % targets)];
        }

        return tensor(index, [rows.Length, targets]).to(device);
    }
}
