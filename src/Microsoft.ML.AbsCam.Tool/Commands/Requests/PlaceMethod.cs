namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>The method where the question is about a place and nobody names one: methods that weigh whole channels, as Abs-CAM does, do not show the place.</summary>
internal static class PlaceMethod
{
    /// <summary>Of those that weigh place by place, the one whose maximum lies in the asked place most often (docs/understand/method.md).</summary>
    public static SaliencyMethod Usual => SaliencyMethod.LayerCam;

    /// <summary>What the log says of it.</summary>
    public static string Note => $"the question is about a place, so the method is {Usual}: {SaliencyMethod.AbsCam}, the usual one, weighs whole channels and shows all that looks like the answer; --method names another";

    /// <summary>Whether all that can be asked of the network is about a place, and no method is baked into its file.</summary>
    public static bool IsFor(ImageNetwork network) => network.Task is NetworkTask.Detect or NetworkTask.Segment && new AbsCamOptions() is var usual && ReferenceEquals(usual.FittedTo(network), usual);
}
