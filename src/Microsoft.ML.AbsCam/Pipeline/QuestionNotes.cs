using Microsoft.ML.AbsCam.Saliency.Questions;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>What a user should know of a method together with a question, or with a network.</summary>
internal static class QuestionNotes
{
    // Of the greatest absolute one: the dip of a GELU or Swish is less.
    private const float LeastThatCounts = 0.2f;

    // Operators and modules.
    private static readonly HashSet<string> AtLeastZero = new(["Relu", "ReLU6", "Sigmoid", "Softmax"], StringComparer.OrdinalIgnoreCase);

    /// <summary>That the method does not show the asked place; null where it does, or none is asked about.</summary>
    public static string? OfPlace(Question question, SaliencyMethod method) => question.IsPlaced && method.WeighsChannels
        ? $"The question is about a place, and '{method}' weighs whole channels: its maps show all that looks like the answer, wherever it lies. '{SaliencyMethod.LayerCam}' and '{SaliencyMethod.HiResCam}' show the place."
        : null;

    /// <summary>That the method takes activations for positive, and those of a layer are not; null where nothing is to be said.</summary>
    public static string? OfSigns(ImageNetwork network, IEnumerable<FeatureLayer> layers, SaliencyMethod method)
    {
        if (!method.AssumesPositive)
        {
            return null;
        }

        foreach (FeatureLayer layer in layers.Where(layer => !AtLeastZero.Contains(layer.Operator)))
        {
            (float least, float greatest) = network.RangeOf(layer.Name);
            if (least < -LeastThatCounts * Math.Max(greatest, -least))
            {
                return FormattableString.Invariant($"'{method}' takes activations for positive, and those of the layer '{layer.Name}' reach from {least:G2} to {greatest:G2} on a made-up image: negative ones that speak for the class count for nothing, or against it. '{SaliencyMethod.GradCam}', '{SaliencyMethod.ShapleyCam}' and '{SaliencyMethod.ReciproCam}' take any sign.");
            }
        }

        return null;
    }
}
