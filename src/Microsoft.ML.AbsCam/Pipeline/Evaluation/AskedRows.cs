using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>What the rows of a batch ask of the network, settled by their untouched images, and asked of altered ones.</summary>
internal sealed class AskedRows : IDisposable
{
    private readonly EvaluationPlan _plan;
    private readonly IReadOnlyList<RowAsk> _asks;
    private readonly AskedBatch _asked;
    private readonly float[] _probabilities;
    private readonly Lazy<bool[]> _areHighest;

    private AskedRows(EvaluationPlan plan, IReadOnlyList<RowAsk> asks, Tensor outputs)
    {
        (_plan, _asks) = (plan, asks);
        _asked = new AskedBatch(plan.Question, outputs, RowAsks.Of(asks), EmptyImage);
        _probabilities = _asked.Probabilities(outputs, [.. Enumerable.Range(0, asks.Count)]).ToFloats();
        int[] all = [.. Enumerable.Range(0, asks.Count)];
        _areHighest = new(() => _asked.AreHighest(outputs, all));
    }

    /// <param name="plan">What is measured.</param>
    /// <param name="asks">What each row asks for.</param>
    /// <param name="outputs">What the network gives for the rows' images [rows,outputs]; null for no rows.</param>
    public static AskedRows? Of(EvaluationPlan plan, IReadOnlyList<RowAsk> asks, Tensor? outputs) => outputs is null ? null : new AskedRows(plan, asks, outputs);

    /// <summary>Why a row cannot be measured; null where it can.</summary>
    public string? Trouble(int row) => _asked.Scored.Status[row] switch
    {
        MapStatus.TargetOutOfRange => $"it asks for class {Math.Max(_asks[row].Class ?? 0, _asks[row].Against ?? 0)}, and the network has {_asked.Scored.ClassCount}",
        MapStatus.NotFinite => "the network's scores are not finite numbers",
        MapStatus.Ok => float.IsFinite(_probabilities[row]) ? null : "the network's scores are not finite numbers",
        MapStatus status => MapStatusText.Of(status),
    };

    /// <summary>The row's class.</summary>
    public int Target(int row) => _asked.Scored.Targets[row];

    /// <summary>What the row's target comes to on its own image.</summary>
    public float Probability(int row) => _probabilities[row];

    /// <summary>Whether the row's target is the highest on its own image; asked before what the network gave is gone.</summary>
    public bool IsHighest(int row) => _areHighest.Value[row];

    /// <summary>What the rows' targets come to on images made of theirs: their probability, or whether they are the highest.</summary>
    /// <param name="images">[N,C,H,W] on the CPU.</param>
    /// <param name="rows">The row that each was made of.</param>
    /// <param name="asksForHighest">Of each, which of the two.</param>
    public float[] Score(Tensor images, int[] rows, bool[] asksForHighest)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor outputs = _plan.Run(images);
        float[] scores = _asked.Probabilities(outputs, rows).ToFloats();
        if (asksForHighest.Contains(true))
        {
            bool[] areHighest = _asked.AreHighest(outputs, rows);
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = !asksForHighest[i] ? scores[i] : areHighest[i] ? 1 : 0;
            }
        }

        return scores;
    }

    public void Dispose() => _asked.Dispose();

    private Tensor EmptyImage()
    {
        NetworkShape shape = _plan.Shape;
        return _plan.Run(zeros(1, shape.Channels, shape.Height, shape.Width));
    }
}
