using Microsoft.ML.AbsCam.Saliency.Questions;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>What a user should know of a question and a method together.</summary>
internal static class QuestionNotes
{
    /// <summary>That the method does not show the asked place; null where it does, or none is asked about.</summary>
    public static string? OfPlace(Question question, SaliencyMethod method) => question.IsPlaced && method.WeighsChannels
        ? $"The question is about a place, and '{method}' weighs whole channels: its maps show all that looks like the answer, wherever it lies. '{SaliencyMethod.LayerCam}' and '{SaliencyMethod.HiResCam}' show the place."
        : null;
}
