using Microsoft.ML.AbsCam.Saliency;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>Why a row has no map, in a sentence for people; alike in all results.</summary>
internal static class StatusText
{
    /// <param name="status">What became of the row.</param>
    /// <param name="target">The class that a file asks for; empty where none is.</param>
    /// <param name="readError">Why the image cannot be read, where it cannot.</param>
    /// <param name="targetError">Why what is asked about is not there, where that is known.</param>
    /// <returns>Null where there is a map.</returns>
    public static string? Of(MapStatus status, string target, string? readError, string? targetError = null) => status switch
    {
        MapStatus.Ok => null,
        MapStatus.TargetOutOfRange => target.Length > 0 ? $"the target '{target}' is none of the network's classes." : "no target is given for this image, or it is none of the network's classes.",
        MapStatus.UnreadableImage when readError is not null => readError,
        MapStatus.TargetNotFound when targetError is not null => targetError,
        _ => $"{MapStatusText.Of(status)}.",
    };
}
