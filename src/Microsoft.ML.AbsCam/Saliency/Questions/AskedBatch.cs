using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>What a batch is asked, settled by the network's outputs for its own images, and asked of altered ones: T numbers a row, of one question or of several.</summary>
internal sealed class AskedBatch : IDisposable
{
    private readonly AskedScores[] _asked;
    private readonly TargetScores[] _parts;
    private readonly int[] _allRows;

    /// <param name="question">What every image is asked.</param>
    /// <param name="outputs">What the network gives for the batch's images [B,outputs].</param>
    /// <param name="asks">What each row asks for.</param>
    /// <param name="ofEmptyImage">What the network gives for an image of zeros [1,outputs]; run when it is first asked for.</param>
    public AskedBatch(Question question, Tensor outputs, RowAsks asks, Func<Tensor> ofEmptyImage)
    {
        RowAsks[] each = [.. question.Parts.Select((_, i) => asks.Parts is { } parts ? parts[i] : asks)];
        _asked = [.. question.Parts.Select((part, i) => part.Ask(outputs, each[i], ofEmptyImage))];
        _parts = [.. question.Parts.Select((part, i) => new TargetScores(part, _asked[i], ScoredBatch.Of(part, _asked[i], outputs, each[i])))];
        Scored = _parts is [var only] ? only.Scored : ScoredBatch.Join([.. _parts.Select(part => part.Scored)]);
        _allRows = [.. Enumerable.Range(0, Scored.Rows)];
    }

    /// <summary>Scores and targets of the rows.</summary>
    public ScoredBatch Scored { get; }

    /// <summary>The logits of the targets [N,T]: what is differentiated.</summary>
    /// <param name="outputs">What the network gives for N images [N,outputs].</param>
    /// <param name="rows">The row of the batch that each image was made of.</param>
    public Tensor Logits(Tensor outputs, ReadOnlySpan<int> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        var parts = new Tensor[_parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = _parts[i].Logits(outputs, rows);
        }

        return Side(parts).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of the batch's own images, or of as many copies of them [B,T].</summary>
    public Tensor Logits(Tensor outputs) => Logits(outputs, _allRows);

    /// <summary>The probabilities of the targets [N,T].</summary>
    /// <inheritdoc cref="Logits(Tensor, ReadOnlySpan{int})"/>
    public Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        var parts = new Tensor[_parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = _parts[i].Probabilities(outputs, rows);
        }

        return Side(parts).MoveToOuterDisposeScope();
    }

    /// <summary>Whether each target is the highest of its classes, or higher than the one that it is told from, row after row [N T].</summary>
    /// <inheritdoc cref="Logits(Tensor, ReadOnlySpan{int})"/>
    public bool[] AreHighest(Tensor outputs, ReadOnlySpan<int> rows)
    {
        using DisposeScope scope = NewDisposeScope();
        var parts = new Tensor[_parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = _parts[i].AreHighest(outputs, rows);
        }

        return [.. Side(parts).ToFloats().Select(one => one > 0)];
    }

    /// <summary>The gradient of each target's logit, [B,C,h,w] a target.</summary>
    /// <param name="network">What made the pass.</param>
    /// <param name="pass">A pass of the batch's images, or of as many copies of them.</param>
    public Tensor[] Gradients(ImageNetwork network, LayerPass pass)
        => _parts.All(part => part.OfClasses is not null) ? OfClasses(network, pass) : network.Gradients(pass, Logits);

    /// <summary>The gradient g of each target's logit, and then the product H A of its Hessian and the layer's output, [B,C,h,w] a target.</summary>
    /// <inheritdoc cref="Gradients"/>
    public Tensor[] Curvatures(ImageNetwork network, LayerPass pass) => network.Curvatures(pass, Logits);

    public void Dispose()
    {
        foreach (AskedScores asked in _asked)
        {
            asked.Dispose();
        }
    }

    private static Tensor Side(Tensor[] parts) => parts is [var only] ? only : cat(parts, 1);

    private Tensor[] OfClasses(ImageNetwork network, LayerPass pass)
    {
        using DisposeScope scope = NewDisposeScope();
        ScoreReading reading = _parts[0].OfClasses!.Reading;
        List<long[]> classes = Classes();
        Tensor[] each = reading.OfLogits(network.Gradients(pass, reading.ScoresOf(classes)), pass.Logits, classes);
        Tensor[] gradients = [.. _parts.SelectMany(part => part.Combine(wanted => each[PlaceOf(classes, wanted)]))];

        // Two targets that are one have one gradient, which must not be moved twice.
        gradients = [.. gradients.Select((gradient, i) => Array.FindIndex(gradients, other => ReferenceEquals(other, gradient)) < i ? gradient.alias() : gradient)];
        scope.MoveToOuter(gradients);
        return gradients;
    }

    // Classes that several targets ask about, as a class and its contrast with another do, are differentiated once.
    private List<long[]> Classes()
    {
        List<long[]> classes = [];
        foreach (long[] wanted in _parts.SelectMany(part => part.Wanted))
        {
            if (PlaceOf(classes, wanted) < 0)
            {
                classes.Add(wanted);
            }
        }

        return classes;
    }

    private static int PlaceOf(List<long[]> classes, long[] wanted) => classes.FindIndex(known => known.AsSpan().SequenceEqual(wanted));
}
