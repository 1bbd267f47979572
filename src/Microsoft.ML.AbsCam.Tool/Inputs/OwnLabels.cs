namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>The class names that a model file holds itself, for where no file of names is given.</summary>
internal static class OwnLabels
{
    /// <returns>Null where the model holds none, or not one for each of the <paramref name="classes"/>.</returns>
    public static IReadOnlyList<string>? Of(ImageNetwork network, int classes) => network.Labels is { } own && own.Count == classes ? own : null;
}
