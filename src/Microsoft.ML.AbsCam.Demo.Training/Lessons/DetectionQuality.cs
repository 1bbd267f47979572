namespace Microsoft.ML.AbsCam.Demo.Training.Lessons;

/// <summary>Average precision at an overlap of one half, after suppression of boxes that overlap a better one of their class; recall and precision at one score.</summary>
internal sealed class DetectionQuality(int classes)
{
    private const float LeastScore = 0.01f;
    private const float FirmScore = 0.4f;
    private const float LeastOverlap = 0.5f;
    private readonly List<(float Score, bool Right)>[] _found = [.. Enumerable.Range(0, classes).Select(_ => new List<(float, bool)>())];
    private readonly int[] _there = new int[classes];

    /// <summary>Counts one picture's output [4 + classes,cells] against its objects.</summary>
    public void Add(float[] output, (Box Box, int Class)[] truth)
    {
        for (var classIndex = 0; classIndex < classes; classIndex++)
        {
            var left = truth.Where(thing => thing.Class == classIndex).Select(thing => thing.Box).ToList();
            _there[classIndex] += left.Count;
            foreach (var (box, score) in Suppressed(output, classIndex))
            {
                var best = left.Select((other, i) => (Index: i, Overlap: other.Overlap(box))).OrderByDescending(pair => pair.Overlap).FirstOrDefault((-1, 0));
                var right = best.Overlap >= LeastOverlap;
                _found[classIndex].Add((score, right));
                if (right)
                {
                    left.RemoveAt(best.Index);
                }
            }
        }
    }

    /// <summary>The figures in words.</summary>
    public IEnumerable<string> Lines(IReadOnlyList<string> names)
    {
        var precisions = Enumerable.Range(0, classes).Select(AveragePrecision).ToArray();
        var firm = _found.SelectMany(found => found).Where(found => found.Score >= FirmScore).ToList();
        var right = firm.Count(found => found.Right);
        return
        [
            $"held-out mean average precision at an overlap of 0.5: {precisions.Average():P1}",
            $"of {_there.Sum()} objects {right / (double)_there.Sum():P1} found at a score of {FirmScore}; of {firm.Count} boxes {right / (double)firm.Count:P1} right",
            .. names.Zip(precisions, (name, precision) => $"  {name,-24} {precision:P1}"),
        ];
    }

    /// <summary>The area below the curve of precision over recall, precision made to fall.</summary>
    private double AveragePrecision(int classIndex)
    {
        var found = _found[classIndex].OrderByDescending(pair => pair.Score).ToList();
        var precision = new double[found.Count];
        var right = 0;
        for (var i = 0; i < found.Count; i++)
        {
            right += found[i].Right ? 1 : 0;
            precision[i] = right / (i + 1.0);
        }

        double sum = 0, best = 0;
        for (var i = found.Count - 1; i >= 0; i--)
        {
            best = Math.Max(best, precision[i]);
            sum += found[i].Right ? best : 0;
        }

        return sum / Math.Max(_there[classIndex], 1);
    }

    private List<(Box Box, float Score)> Suppressed(float[] output, int classIndex)
    {
        var cells = output.Length / (4 + classes);
        var kept = new List<(Box Box, float Score)>();
        foreach (var cell in Enumerable.Range(0, cells).OrderByDescending(cell => output[((4 + classIndex) * cells) + cell]))
        {
            var score = output[((4 + classIndex) * cells) + cell];
            var box = new Box(output[cell], output[cells + cell], output[(2 * cells) + cell], output[(3 * cells) + cell]);
            if (score < LeastScore)
            {
                break;
            }

            if (kept.TrueForAll(other => other.Box.Overlap(box) < LeastOverlap))
            {
                kept.Add((box, score));
            }
        }

        return kept;
    }
}
