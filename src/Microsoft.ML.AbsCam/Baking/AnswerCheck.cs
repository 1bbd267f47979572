using System.Globalization;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>What a baked file answers beside its maps, held to what this library answers.</summary>
internal sealed class AnswerCheck
{
    private const double Agreement = 1e-3;
    private readonly BakedQuestion _question;
    private readonly Explanation _expected;
    private readonly Tensor _shown;
    private readonly Tensor? _places;
    private readonly Tensor? _against;

    /// <param name="question">What the file answers.</param>
    /// <param name="layout">How the outputs lie.</param>
    /// <param name="expected">What this library answers.</param>
    public AnswerCheck(BakedQuestion question, OutputLayout layout, Explanation expected)
    {
        (_question, _expected) = (question, expected);
        long rows = expected.Status.Length;
        _shown = empty([rows, expected.ClassCount], ScalarType.Float32);
        _places = question.Kind == BakedQuestionKind.Box ? empty([rows, 4], ScalarType.Float32)
            : layout is OutputLayout.ClassMaps maps ? empty([rows, maps.Height, maps.Width], ScalarType.Float32)
            : null;
        _against = question.Against is null ? null : empty([rows], ScalarType.Int64);
    }

    /// <summary>Takes the file's answers, in the order of <see cref="BakedQuestion.Outputs"/>.</summary>
    public IEnumerable<Tensor> Values => new[] { _shown, _places, _against }.OfType<Tensor>();

    /// <summary>What differs, as a sentence without its end; null where nothing does.</summary>
    public string? WhyNot()
    {
        float[] shown = _shown.ToFloats();
        double worst = shown.Zip(_expected.Probabilities).Max(pair => Difference(pair.First, pair.Second));
        return worst > Agreement ? string.Create(CultureInfo.InvariantCulture, $"on made-up images the baked file's '{_question.Shown}' differs from this library's probabilities by up to {worst:G3}")
            : _against is not null && !HostValues.Ints(_against).SequenceEqual(_expected.Against!.Select(index => (long)index)) ? $"on made-up images the baked file tells its classes from others ('{_question.Against}') than this library does"
            : _places is not null && _expected.Places!.Where((place, row) => _expected.Status[row] != MapStatus.NotFinite && !IsAt(place, _places[row].ToFloats())).Any() ? $"on made-up images the baked file's '{_question.Place}' is another place than this library's"
            : null;
    }

    // Engines that add in another order may give a pixel at the rim of a region to another class.
    private static bool IsAt(AskedPlace? place, float[] found) => place switch
    {
        AskedPlace.BoxPlace box => found.Zip((float[])[(float)box.Left, (float)box.Top, (float)box.Right, (float)box.Bottom]).All(pair => Difference(pair.First, pair.Second) <= Agreement * Math.Max(1, Math.Abs(pair.Second))),
        AskedPlace.MaskPlace mask => mask.Inside.Zip(found).Average(pair => Difference(pair.First, pair.Second)) <= Agreement,
        _ => Array.TrueForAll(found, value => float.IsNaN(value) || value == 0),
    };

    private static double Difference(float one, float other) => one == other || (float.IsNaN(one) && float.IsNaN(other)) ? 0 : float.IsFinite(one - other) ? Math.Abs(one - other) : double.PositiveInfinity;
}
