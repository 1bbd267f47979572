using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>
/// The scalars that a batch is asked about: from the network's outputs for its images, or for altered ones, to one number for each target
/// of the row that they were made of.
/// </summary>
/// <param name="question">What is asked of every image.</param>
/// <param name="asked">The scores of the classes.</param>
/// <param name="scored">The classes that the rows ask for.</param>
internal sealed class TargetScores(Question question, AskedScores asked, ScoredBatch scored)
{
    private readonly int[] _allRows = [.. Enumerable.Range(0, scored.Rows)];

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

    /// <summary>The logits of the batch's own images, or of as many copies of them [B,T].</summary>
    public Tensor Logits(Tensor outputs) => Logits(outputs, _allRows);

    /// <summary>The probabilities of the targets [N,T]; for a contrast the sigmoid of its logit, which is that of the one class against the other.</summary>
    /// <inheritdoc cref="Logits(Tensor, ReadOnlySpan{int})"/>
    public Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        return (question.Gamma is not null
            ? Logits(outputs, rows).sigmoid()
            : asked.Probabilities(outputs, rows).gather(1, Index(scored.SafeTargets, rows, outputs.device))).MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of each target's logit, [B,C,h,w] a target.</summary>
    /// <param name="network">What made the pass.</param>
    /// <param name="pass">A pass of the batch's images, or of as many copies of them.</param>
    public Tensor[] Gradients(ImageNetwork network, LayerPass pass) => question is ClassQuestion { Reading: { } reading }
        ? OfClasses(network, pass, reading)
        : network.Gradients(pass, Logits);

    /// <summary>The gradient g of each target's logit, and then the product H A of its Hessian and the layer's output, [B,C,h,w] a target.</summary>
    /// <inheritdoc cref="Gradients"/>
    public Tensor[] Curvatures(ImageNetwork network, LayerPass pass) => network.Curvatures(pass, Logits);

    private Tensor[] OfClasses(ImageNetwork network, LayerPass pass, ScoreReading reading)
    {
        using DisposeScope scope = NewDisposeScope();
        long[][] targets = ByTarget(scored.SafeTargets);
        long[][] classes = question.Gamma is null ? targets : [.. targets, .. ByTarget(scored.SafeAgainst!)];
        Tensor[] gradients = reading.OfLogits(network.Gradients(pass, reading.ScoresOf(classes)), pass.Logits, classes);
        if (question.Gamma is double gamma)
        {
            gradients = [.. gradients.Take(targets.Length).Zip(gradients.Skip(targets.Length), (of, against) => of - against.mul(HeldScalar.Of(gamma)))];
        }

        scope.MoveToOuter(gradients);
        return gradients;
    }

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
