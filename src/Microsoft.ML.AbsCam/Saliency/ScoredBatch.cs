using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>The scores of a batch, the targets chosen by them, and what is wrong with either.</summary>
internal sealed class ScoredBatch
{
    /// <param name="logits">Scores before any softmax [B,classes].</param>
    /// <param name="probabilities">From scores to probabilities.</param>
    /// <param name="rowTargets">The class each row asks for, -1 for one that is not there; null takes the highest.</param>
    /// <param name="targetsPerRow">How many of the highest.</param>
    public ScoredBatch(Tensor logits, Func<Tensor, Tensor> probabilities, int[]? rowTargets, int targetsPerRow)
    {
        (Rows, ClassCount, TargetsPerRow) = ((int)logits.shape[0], (int)logits.shape[1], targetsPerRow);
        Probabilities = probabilities(logits.detach()).ToFloats();
        Targets = rowTargets?.Select(target => target < ClassCount ? target : -1).ToArray() ?? Highest(logits.ToFloats());
        SafeTargets = [.. Targets.Select(target => Math.Max(target, 0))];
        Status = [.. Enumerable.Range(0, Targets.Length).Select(target => Judge(target, Targets[target]))];
    }

    public int Rows { get; }

    public int ClassCount { get; }

    public int TargetsPerRow { get; }

    public float[] Probabilities { get; }

    /// <summary>Class indices, -1 for one that is not there.</summary>
    public int[] Targets { get; }

    /// <summary>Class indices with 0 in place of -1: such a row is computed along and its result thrown away.</summary>
    public int[] SafeTargets { get; }

    public MapStatus[] Status { get; }

    /// <summary>Puts down flat and not finite maps, and takes away what is not a map, so that nobody takes it for one.</summary>
    /// <param name="ranges">max - min of each map before it was normalised.</param>
    /// <param name="flatRanges">The range that each map has to have to show anything.</param>
    /// <param name="maps">The normalised maps.</param>
    public void JudgeMaps(ReadOnlySpan<float> ranges, ReadOnlySpan<float> flatRanges, Span<float> maps)
    {
        int pixels = maps.Length / Status.Length;
        for (int target = 0; target < Status.Length; target++)
        {
            if (Status[target] == MapStatus.Ok && !(ranges[target] >= flatRanges[target] && float.IsFinite(ranges[target])))
            {
                Status[target] = float.IsFinite(ranges[target]) ? MapStatus.Flat : MapStatus.NotFinite;
            }

            if (Status[target] != MapStatus.Ok)
            {
                maps.Slice(target * pixels, pixels).Fill(float.NaN);
            }
        }
    }

    private MapStatus Judge(int target, int classIndex)
    {
        ReadOnlySpan<float> row = Probabilities.AsSpan(target / TargetsPerRow * ClassCount, ClassCount);
        foreach (float probability in row)
        {
            if (!float.IsFinite(probability))
            {
                return MapStatus.NotFinite;
            }
        }

        return classIndex < 0 ? MapStatus.TargetOutOfRange : MapStatus.Ok;
    }

    /// <summary>Ranks by logits: probabilities of sure networks are all 0 and 1. Equal scores go to the lower index, as argmax has it; NaN comes last.</summary>
    private int[] Highest(float[] logits)
    {
        int[] highest = new int[Rows * TargetsPerRow];
        var best = new PriorityQueue<int, (float Score, int Reversed)>(TargetsPerRow);
        for (int row = 0; row < Rows; row++)
        {
            // The worst of the best so far is always in front, so most classes cost one comparison.
            for (int c = 0; c < ClassCount; c++)
            {
                float score = logits[(row * ClassCount) + c];
                if (best.Count < TargetsPerRow)
                {
                    best.Enqueue(c, (score, -c));
                }
                else
                {
                    best.EnqueueDequeue(c, (score, -c));
                }
            }

            for (int t = TargetsPerRow - 1; t >= 0; t--)
            {
                highest[(row * TargetsPerRow) + t] = best.Dequeue();
            }
        }

        return highest;
    }
}
