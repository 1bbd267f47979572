using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What is asked where --target says nothing.</summary>
internal static class UsualTarget
{
    public const string Text = "predicted";

    /// <summary>
    /// The only number of a regression, or what is baked into the file; null where the network predicts a class, or there are several numbers to choose from.
    /// </summary>
    public static TargetOption? Of(ImageNetwork network)
    {
        if (network.Task == NetworkTask.Regress && network.Shape.ClassCount == 1)
        {
            return new TargetOption(SaliencyTarget.Output(0), TargetKind.Output);
        }

        SaliencyTarget baked = new AbsCamOptions().FittedTo(network).Target;
        bool isOutput = Enumerable.Range(0, network.Shape.ClassCount).Any(index => baked == SaliencyTarget.Output(index) || baked == SaliencyTarget.Output(index, negative: true));
        return baked == SaliencyTarget.Predicted ? null : new TargetOption(baked, baked.IsContrast ? TargetKind.Contrast : isOutput ? TargetKind.Output : KindOf(network.Task));
    }

    private static TargetKind KindOf(NetworkTask task) => task switch
    {
        NetworkTask.Segment => TargetKind.Region,
        NetworkTask.Detect => TargetKind.Box,
        NetworkTask.Embed => TargetKind.Similar,
        _ => TargetKind.Class,
    };
}
