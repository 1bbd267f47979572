using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Questions;

/// <summary>
/// Why is this region of that class? The mean of the class's logit over the pixels of a mask, or of those that the network itself gives to the
/// class; the probability is the mean of the class's probability over them.
/// </summary>
/// <param name="Maps">How the outputs lie.</param>
/// <param name="Reading">How a pixel's scores become logits and probabilities.</param>
/// <param name="HasMask">Whether rows bring masks.</param>
internal sealed record RegionQuestion(OutputLayout.ClassMaps Maps, ScoreReading Reading, bool HasMask) : Question
{
    /// <summary>The class of what is nothing in particular, which is only asked about where it is named; null where there is none.</summary>
    public int? Background { get; init; }

    public override int ClassCount => Reading.ClassCount;

    public override bool HasRivals => true;

    public override bool HasProbabilities => Reading.HasProbabilities || Gamma is not null;

    public override bool IsPlaced => true;

    public override bool HasLogits => Reading.HasLogits;

    public override AskedScores Ask(Tensor outputs, RowAsks asks, Func<Tensor> ofEmptyImage)
    {
        using DisposeScope scope = NewDisposeScope();
        int rows = (int)outputs.shape[0];
        int[]? classes = asks.Classes;
        Tensor masks;
        if (HasMask)
        {
            masks = Masks(asks.Places ?? [], rows).to(outputs.device);
        }
        else
        {
            Tensor pixels = Pixels(outputs, Reading.Logits).argmax(1);
            classes ??= [.. pixels.cpu().data<long>().ToArray().Chunk(Maps.Height * Maps.Width).Select(Commonest)];
            masks = pixels.eq(tensor(classes.Select(c => (long)c).ToArray()).to(outputs.device).unsqueeze(1)).to(ScalarType.Float32);
        }

        bool[] isFound = [.. masks.sum(1).ToFloats().Select(sum => sum > 0)];
        Tensor shares = masks / masks.sum(1, keepdim: true).clamp_min(HeldScalar.Of(1e-12));
        return new RegionScores(this, shares.MoveToOuterDisposeScope(), isFound, HasMask ? null : classes);
    }

    public override string ToString() => $"The network gives {Maps}; the mean of the class's logit over {(HasMask ? "the mask" : "the pixels that it gives to the class")} is explained. {(Background is int background ? $"Where no class is asked for, it is the one of most pixels besides the background, class {background}. " : "")}{Reading}";

    // Of several classes that are as common, the lowest; the background where there is nothing else.
    private int Commonest(long[] pixels)
    {
        int[] counts = new int[ClassCount];
        foreach (long c in pixels)
        {
            counts[c]++;
        }

        if (Background is int background && counts[background] < pixels.Length)
        {
            counts[background] = 0;
        }

        return Array.IndexOf(counts, counts.Max());
    }

    // Brought to the outputs' size: how much of each of their pixels lies inside.
    private Tensor Masks(AskedPlace[] places, int rows)
    {
        Tensor[] masks = new Tensor[rows];
        for (int row = 0; row < rows; row++)
        {
            masks[row] = row < places.Length && places[row] is AskedPlace.MaskPlace mask
                ? nn.functional.adaptive_avg_pool2d(TensorData.FromFloats(mask.Inside, 1, 1, mask.Height, mask.Width), [Maps.Height, Maps.Width]).flatten()
                : zeros(Maps.Height * Maps.Width);
        }

        return stack(masks);
    }

    // From outputs [N,numbers] to what a function makes of each pixel's scores [N,classes,pixels].
    private Tensor Pixels(Tensor outputs, Func<Tensor, Tensor> read)
    {
        long images = outputs.shape[0];
        Tensor scores = Maps.ClassesLast
            ? outputs.reshape(images, -1, Maps.Count)
            : outputs.reshape(images, Maps.Count, -1).transpose(1, 2);
        Tensor values = read(scores.reshape(-1, Maps.Count));
        return values.reshape(images, -1, values.shape[1]).transpose(1, 2);
    }

    private sealed class RegionScores : AskedScores
    {
        private readonly RegionQuestion _question;
        private readonly Tensor _shares;
        private readonly bool[] _isFound;

        public RegionScores(RegionQuestion question, Tensor shares, bool[] isFound, int[]? classes)
        {
            (_question, _shares, _isFound, Classes) = (question, Keep(shares), isFound, classes);
        }

        public override int[]? Classes { get; }

        public override bool IsFound(int row) => _isFound[row];

        public override AskedPlace? PlaceOf(int row)
        {
            if (!_isFound[row])
            {
                return null;
            }

            float[] shares = _shares[row].ToFloats();
            float most = shares.Max();
            return new AskedPlace.MaskPlace([.. shares.Select(share => share / most)], _question.Maps.Height, _question.Maps.Width);
        }

        public override Tensor Logits(Tensor outputs, ReadOnlySpan<int> rows) => Mean(outputs, rows, _question.Reading.Logits);

        public override Tensor Probabilities(Tensor outputs, ReadOnlySpan<int> rows)
            => Mean(outputs, rows, scores => _question.Reading.Probabilities(_question.Reading.Logits(scores)));

        private Tensor Mean(Tensor outputs, ReadOnlySpan<int> rows, Func<Tensor, Tensor> read)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor shares = _shares.index_select(0, tensor(rows.ToArray()).to(ScalarType.Int64).to(_shares.device));
            return _question.Pixels(outputs, read).bmm(shares.unsqueeze(2)).squeeze(2).MoveToOuterDisposeScope();
        }
    }
}
