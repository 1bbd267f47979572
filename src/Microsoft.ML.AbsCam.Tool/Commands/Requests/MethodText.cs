namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>A method in words, as pages name it.</summary>
internal static class MethodText
{
    public static string Of(SaliencyMethod method)
        => method == SaliencyMethod.AbsCamInitial ? $"{method}: Abs-CAM, initial map (phase 1)"
        : Reading(method) is { } reading ? $"{method}: Abs-CAM, final map (phase 2), {reading} reading"
        : method.Name;

    private static string? Reading(SaliencyMethod method)
        => method == SaliencyMethod.AbsCam ? "weighted"
        : method == SaliencyMethod.AbsCamPerChannel ? "per-channel"
        : method == SaliencyMethod.AbsCamPerChannelLogit ? "per-channel-logit"
        : method == SaliencyMethod.AbsCamWhole ? "whole"
        : null;
}
