using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Questions;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>The scores of a batch, the targets chosen by them, and what is wrong with either.</summary>
internal sealed class ScoredBatch
{
    /// <param name="logits">Scores before any softmax [B,classes].</param>
    /// <param name="probabilities">From scores to probabilities.</param>
    /// <param name="rowTargets">The class each row asks for, -1 for one that is not there; null takes the highest.</param>
    /// <param name="targetsPerRow">How many of the highest.</param>
    /// <param name="isContrast">Whether each target is told from another class.</param>
    /// <param name="rowsAgainst">That class, -1 for one that is not there; null takes the highest besides the target.</param>
    public ScoredBatch(Tensor logits, Func<Tensor, Tensor> probabilities, int[]? rowTargets, int targetsPerRow, bool isContrast = false, int[]? rowsAgainst = null)
        : this(logits.ToFloats(), probabilities(logits.detach()).ToFloats(), (int)logits.shape[0], rowTargets, targetsPerRow, isContrast, rowsAgainst)
    {
    }

    /// <param name="logits">Scores before any softmax, one row's after the other's.</param>
    /// <param name="probabilities">What they come to.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="rowTargets">The class each row asks for, -1 for one that is not there; null takes the highest.</param>
    /// <param name="targetsPerRow">How many of the highest.</param>
    /// <param name="isContrast">Whether each target is told from another class.</param>
    /// <param name="rowsAgainst">That class, -1 for one that is not there; null takes the highest besides the target.</param>
    public ScoredBatch(float[] logits, float[] probabilities, int rows, int[]? rowTargets, int targetsPerRow, bool isContrast = false, int[]? rowsAgainst = null)
    {
        (Rows, ClassCount, TargetsPerRow) = (rows, logits.Length / rows, targetsPerRow);
        Probabilities = probabilities;
        Targets = Known(rowTargets) ?? Highest(logits, targetsPerRow);
        Against = isContrast ? Known(rowsAgainst) ?? RunnersUp(logits) : null;
        SafeTargets = Safe(Targets);
        SafeAgainst = Against is null ? null : Safe(Against);
        Status = [.. Enumerable.Range(0, Targets.Length).Select(target => Judge(target, Math.Min(Targets[target], Against?[target] ?? 0)))];
        TargetProbabilities = [.. Targets.Select((target, i) => target < 0 ? float.NaN : Probabilities[(i / targetsPerRow * ClassCount) + target])];
    }

    // Classes are those of the first question.
    private ScoredBatch(IReadOnlyList<ScoredBatch> parts)
    {
        (Rows, ClassCount, Probabilities) = (parts[0].Rows, parts[0].ClassCount, parts[0].Probabilities);
        TargetsPerRow = parts.Sum(part => part.TargetsPerRow);
        Targets = Each(parts, (part, target) => part.Targets[target]);
        Against = parts.Any(part => part.Against is not null) ? Each(parts, (part, target) => part.Against?[target] ?? -1) : null;
        (SafeTargets, SafeAgainst) = (Safe(Targets), Against is null ? null : Safe(Against));
        Status = Each(parts, (part, target) => part.Status[target]);
        TargetProbabilities = Each(parts, (part, target) => part.TargetProbabilities[target]);
        Places = parts.Any(part => part.Places is not null) ? Each(parts, (part, target) => part.Places?[target]) : null;
    }

    /// <summary>Those of several questions, side by side.</summary>
    public static ScoredBatch Join(IReadOnlyList<ScoredBatch> parts) => new(parts);

    /// <param name="question">What every image is asked.</param>
    /// <param name="asked">What that comes to for this batch.</param>
    /// <param name="outputs">The network's outputs for the batch's images [B,outputs].</param>
    /// <param name="asks">What each row asks for.</param>
    public static ScoredBatch Of(Question question, AskedScores asked, Tensor outputs, RowAsks asks)
    {
        int[] rows = [.. Enumerable.Range(0, (int)outputs.shape[0])];
        var scored = new ScoredBatch(asked.Logits(outputs, rows), _ => asked.Shown(outputs, rows), asked.Classes ?? asks.Classes, question.TargetsPerRow, question.Gamma is not null, asks.Against);
        scored.Places = question.IsPlaced ? [.. scored.Targets.Select((_, target) => asked.PlaceOf(target / question.TargetsPerRow))] : null;
        for (int target = 0; target < scored.Status.Length; target++)
        {
            if (!asked.IsFound(target / question.TargetsPerRow) && scored.Status[target] == MapStatus.Ok)
            {
                scored.Status[target] = MapStatus.TargetNotFound;
            }
        }

        return scored;
    }

    /// <summary>Says where each target is asked about; null for one that is not there.</summary>
    public void Locate(AskedPlace?[] places)
    {
        Places = places;
        for (int target = 0; target < Status.Length; target++)
        {
            Status[target] = places[target] is null && Status[target] == MapStatus.Ok ? MapStatus.TargetNotFound : Status[target];
        }
    }

    public int Rows { get; }

    public int ClassCount { get; }

    public int TargetsPerRow { get; }

    public float[] Probabilities { get; }

    /// <summary>Class indices, -1 for one that is not there.</summary>
    public int[] Targets { get; }

    /// <summary>The classes that the targets are told from, -1 for one that is not there; null where nothing is.</summary>
    public int[]? Against { get; }

    /// <summary><see cref="Against"/> with 0 in place of -1.</summary>
    public int[]? SafeAgainst { get; }

    /// <summary>Class indices with 0 in place of -1: such a row is computed along and its result thrown away.</summary>
    public int[] SafeTargets { get; }

    public MapStatus[] Status { get; }

    /// <summary>The probabilities of the targets, NaN of one that is not there.</summary>
    public float[] TargetProbabilities { get; }

    /// <summary>Where in the network's input each target is asked about, null for a place that is not there; null where it is about no place.</summary>
    public AskedPlace?[]? Places { get; private set; }

    /// <summary>Puts down flat and not finite maps, and takes away what is not a map, so that nobody takes it for one.</summary>
    /// <param name="ranges">max - min of each map before it was normalised.</param>
    /// <param name="flatRanges">The range that each map has to have to show anything.</param>
    /// <param name="faults">What the method says of each, a <see cref="MapStatus"/> as a number; null for nothing.</param>
    /// <param name="maps">The normalised maps.</param>
    public void JudgeMaps(ReadOnlySpan<float> ranges, ReadOnlySpan<float> flatRanges, long[]? faults, Span<float> maps)
    {
        int pixels = maps.Length / Status.Length;
        for (int target = 0; target < Status.Length; target++)
        {
            if (Status[target] == MapStatus.Ok && faults?[target] is long fault and not 0)
            {
                Status[target] = (MapStatus)fault;
            }
            else if (Status[target] == MapStatus.Ok && !(ranges[target] >= flatRanges[target] && float.IsFinite(ranges[target])))
            {
                Status[target] = float.IsFinite(ranges[target]) ? MapStatus.Flat : MapStatus.NotFinite;
            }

            if (Status[target] != MapStatus.Ok)
            {
                maps.Slice(target * pixels, pixels).Fill(float.NaN);
            }
        }
    }

    /// <summary>Puts down maps that came as NaN, because there is nothing to be seen, and takes away those of targets that are not there.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="what">What is said of such a map.</param>
    public void JudgeMaps(Span<float> maps, MapStatus what = MapStatus.Flat)
    {
        int pixels = maps.Length / Status.Length;
        for (int target = 0; target < Status.Length; target++)
        {
            Span<float> map = maps.Slice(target * pixels, pixels);
            if (Status[target] != MapStatus.Ok)
            {
                map.Fill(float.NaN);
            }
            else if (float.IsNaN(map[0]))
            {
                Status[target] = what;
            }
        }
    }

    // The first row's targets, of one question after the other, then the second's.
    private static T[] Each<T>(IReadOnlyList<ScoredBatch> parts, Func<ScoredBatch, int, T> value) => [.. Enumerable.Range(0, parts[0].Rows).SelectMany(row =>
        parts.SelectMany(part => Enumerable.Range(row * part.TargetsPerRow, part.TargetsPerRow).Select(target => value(part, target))))];

    private int[]? Known(int[]? classes) => classes?.Select(index => index < ClassCount ? index : -1).ToArray();

    private static int[] Safe(int[] classes) => [.. classes.Select(index => Math.Max(index, 0))];

    private int[] RunnersUp(float[] logits)
    {
        int[] firstTwo = Highest(logits, 2);
        return [.. Targets.Select((target, i) => firstTwo[i / TargetsPerRow * 2] is int first && first != target ? first : firstTwo[(i / TargetsPerRow * 2) + 1])];
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
    private int[] Highest(float[] logits, int count)
    {
        int[] highest = new int[Rows * count];
        var best = new PriorityQueue<int, (float Score, int Reversed)>(count);
        for (int row = 0; row < Rows; row++)
        {
            // The worst of the best so far is always in front, so most classes cost one comparison.
            for (int c = 0; c < ClassCount; c++)
            {
                float score = logits[(row * ClassCount) + c];
                if (best.Count < count)
                {
                    best.Enqueue(c, (score, -c));
                }
                else
                {
                    best.EnqueueDequeue(c, (score, -c));
                }
            }

            for (int t = count - 1; t >= 0; t--)
            {
                highest[(row * count) + t] = best.Dequeue();
            }
        }

        return highest;
    }
}
