using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>
/// Why this detection? The logit of a class of one box: the most confident one, that of a class, or the one at a given place. On altered images
/// boxes are matched by place: the probability is the greatest product of a box's overlap with the asked one and its probability.
/// </summary>
/// <param name="Boxes">How the outputs lie.</param>
/// <param name="Reading">How a box's scores become logits and probabilities; those of all classes by themselves.</param>
/// <param name="Height">The input's height in pixels.</param>
/// <param name="Width">The input's width in pixels.</param>
/// <param name="HasPlace">Whether rows say where.</param>
internal sealed record BoxQuestion(OutputLayout.Detections Boxes, ScoreReading Reading, int Height, int Width, bool HasPlace) : Question
{
    // Boxes that overlap nearly as much as the best one are those of the same object, and the most confident of them is meant.
    internal const double NearlyBest = 0.9;

    // Two boxes of a size share less than two fifths of each where it is below that: they are not of one thing.
    internal const double LeastOverlap = 0.25;

    // Far below what detectors are cut at, 0.25 and more, so what is doubtful is explained, and what stands for nothing is not.
    internal const float LeastConfidence = 0.01f;

    /// <summary>The class of nothing being there, which is only asked about where it is named; null where there is none.</summary>
    public int? Background { get; init; }

    public override int ClassCount => Reading.ClassCount;

    public override bool HasRivals => true;

    public override bool IsPlaced => true;

    public override bool HasLogits => Reading.HasLogits;

    public override AskedScores Ask(Tensor outputs, RowAsks asks, Func<Tensor> ofEmptyImage)
    {
        using DisposeScope scope = NewDisposeScope();
        int rows = (int)outputs.shape[0];
        float[] sides = Sides(outputs).ToFloats();
        float[] probabilities = Probabilities(outputs).ToFloats();
        var chosen = new (int Anchor, int Class, bool IsFound)[rows];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> own = probabilities.AsSpan(row * Boxes.Anchors * ClassCount, Boxes.Anchors * ClassCount);
            int? asked = asks.Classes?[row] is int c && c >= 0 && c < ClassCount ? c : null;
            chosen[row] = !HasPlace ? MostConfident(own, asked, Enumerable.Range(0, Boxes.Anchors))
                : asks.Places?[row] is AskedPlace.BoxPlace place ? At(sides.AsSpan(row * Boxes.Anchors * 4, Boxes.Anchors * 4), own, asked, place)
                : (0, 0, false);
        }

        Tensor anchors = tensor(chosen.Select(one => (long)one.Anchor).ToArray()).to(outputs.device);
        float[] found = [.. chosen.SelectMany((one, row) => sides[(((row * Boxes.Anchors) + one.Anchor) * 4)..(((row * Boxes.Anchors) + one.Anchor + 1) * 4)])];
        Tensor boxes = TensorData.FromFloats(found, rows, 4).to(outputs.device);
        return new BoxScores(this, anchors.MoveToOuterDisposeScope(), boxes.MoveToOuterDisposeScope(), found, [.. chosen.Select(one => one.IsFound)], asks.Classes ?? [.. chosen.Select(one => one.Class)]);
    }

    public override string ToString() => $"The network gives {Boxes}; the logit of one box's class is explained, and on altered images boxes are matched by place. {(Background is int background ? $"Where no class is asked for, it is any but class {background}, the background. " : "")}{Reading}";

    private (int Anchor, int Class, bool IsFound) MostConfident(ReadOnlySpan<float> probabilities, int? asked, IEnumerable<int> anchors)
    {
        (int Anchor, int Class, float Best) best = (-1, 0, float.NegativeInfinity);
        foreach (int anchor in anchors)
        {
            for (int c = asked ?? 0; c <= (asked ?? (ClassCount - 1)); c++)
            {
                float p = probabilities[(anchor * ClassCount) + c];
                if (p > best.Best && (c != Background || asked is not null))
                {
                    best = (anchor, c, p);
                }
            }
        }

        return (Math.Max(best.Anchor, 0), best.Class, best.Anchor >= 0);
    }

    private (int Anchor, int Class, bool IsFound) At(ReadOnlySpan<float> sides, ReadOnlySpan<float> probabilities, int? asked, AskedPlace.BoxPlace place)
    {
        double[] overlaps = new double[Boxes.Anchors];
        for (int anchor = 0; anchor < overlaps.Length; anchor++)
        {
            ReadOnlySpan<float> box = sides.Slice(anchor * 4, 4);
            double across = Math.Max(0, Math.Min(box[2], place.Right) - Math.Max(box[0], place.Left));
            double down = Math.Max(0, Math.Min(box[3], place.Bottom) - Math.Max(box[1], place.Top));
            double union = ((box[2] - box[0]) * (box[3] - box[1])) + ((place.Right - place.Left) * (place.Bottom - place.Top)) - (across * down);
            overlaps[anchor] = union > 0 ? across * down / union : 0;
        }

        double most = overlaps.Max();
        if (most < LeastOverlap)
        {
            return (0, 0, false);
        }

        // Of a thing that is detected there any class may be asked about, also one that the network does not take it for.
        int[] near = [.. Enumerable.Range(0, overlaps.Length).Where(anchor => overlaps[anchor] >= NearlyBest * most)];
        (int detected, int its, _) = MostConfident(probabilities, null, near);
        (int chosen, int c, _) = MostConfident(probabilities, asked, near);
        return (chosen, c, !(Reading.HasProbabilities && probabilities[(detected * ClassCount) + its] < LeastConfidence));
    }

    // [N, anchors, numbers of a box].
    private Tensor Rows(Tensor outputs)
    {
        Tensor shaped = outputs.reshape([outputs.shape[0], .. Boxes.Shape]);
        return Boxes.AnchorsFirst ? shaped : shaped.transpose(1, 2);
    }

    // Left, top, right, bottom in pixels of the input [N, anchors, 4].
    private Tensor Sides(Tensor outputs)
    {
        Tensor sides = Rows(outputs).narrow(2, 0, 4);
        if (!Boxes.Corners)
        {
            (Tensor centre, Tensor half) = (sides.narrow(2, 0, 2), sides.narrow(2, 2, 2).mul(HeldScalar.Of(0.5)));
            sides = cat([centre - half, centre.Plus(half)], 2);
        }

        return Boxes.OfOne ? sides * tensor(new float[] { Width, Height, Width, Height }).to(outputs.device) : sides;
    }

    // The classes' scores [M,classes] of boxes [M,numbers of a box].
    private Tensor Scores(Tensor boxes)
    {
        Tensor scores = boxes.narrow(1, Boxes.FirstClass, Boxes.Count);
        return Boxes.HasObjectness ? scores * boxes.narrow(1, 4, 1) : scores;
    }

    // [N, anchors, classes].
    private Tensor Probabilities(Tensor outputs)
    {
        Tensor boxes = Rows(outputs);
        return Reading.Probabilities(Reading.Logits(Scores(boxes.reshape(-1, Boxes.Length)))).reshape(boxes.shape[0], Boxes.Anchors, ClassCount);
    }

    private sealed class BoxScores : AskedScores
    {
        private readonly BoxQuestion _question;
        private readonly Tensor _anchors;
        private readonly Tensor _boxes;
        private readonly float[] _sides;
        private readonly bool[] _isFound;

        public BoxScores(BoxQuestion question, Tensor anchors, Tensor boxes, float[] sides, bool[] isFound, int[] classes)
            => (_question, _anchors, _boxes, _sides, _isFound, Classes) = (question, Keep(anchors), Keep(boxes), sides, isFound, classes);

        public override int[]? Classes { get; }

        public override bool IsFound(int row) => _isFound[row];

        public override AskedPlace? PlaceOf(int row)
            => _isFound[row] ? new AskedPlace.BoxPlace(_sides[row * 4], _sides[(row * 4) + 1], _sides[(row * 4) + 2], _sides[(row * 4) + 3]) : null;

        public override Tensor Logits(Tensor outputs, ReadOnlySpan<int> rows)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor all = _question.Rows(outputs);
            Tensor anchors = Of(_anchors, rows).reshape(-1, 1, 1).expand(-1, 1, all.shape[2]);
            return _question.Reading.Logits(_question.Scores(all.gather(1, anchors).squeeze(1))).MoveToOuterDisposeScope();
        }

        public override Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor asked = Of(_boxes, rows).unsqueeze(1);
            Tensor sides = _question.Sides(outputs);
            Tensor shared = (sides.narrow(2, 2, 2).minimum(asked.narrow(2, 2, 2)) - sides.narrow(2, 0, 2).maximum(asked.narrow(2, 0, 2))).clamp_min(HeldScalar.Of(0L)).prod(2);
            Tensor overlap = shared / (Area(sides).Plus(Area(asked)) - shared).clamp_min(HeldScalar.Of(1e-12));
            return (overlap.unsqueeze(2) * _question.Probabilities(outputs)).amax([1]).MoveToOuterDisposeScope();
        }

        private static Tensor Area(Tensor sides) => (sides.narrow(2, 2, 2) - sides.narrow(2, 0, 2)).clamp_min(HeldScalar.Of(0L)).prod(2);

        private static Tensor Of(Tensor each, ReadOnlySpan<int> rows) => each.index_select(0, tensor(rows.ToArray()).to(ScalarType.Int64).to(each.device));
    }
}
