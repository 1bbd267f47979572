namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What is asked where --target says nothing.</summary>
internal static class UsualTarget
{
    public const string Text = "predicted";

    /// <summary>The only number of a regression; null where the network predicts a class, or there are several numbers to choose from.</summary>
    public static SaliencyTarget? Of(ImageNetwork network) => network.Task == NetworkTask.Regress && network.Shape.ClassCount == 1 ? SaliencyTarget.Output(0) : null;
}
