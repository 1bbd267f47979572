using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>A method through the whole pipeline on images of a tiny network.</summary>
/// <param name="Maps">One an image; of several targets one after the other.</param>
/// <param name="Forwards">What the column of that name holds.</param>
/// <param name="Status">What the column of that name holds.</param>
internal sealed record MethodRun(float[][] Maps, int[] Forwards, string[] Status)
{
    public const int Images = 5;

    /// <param name="method">The method.</param>
    /// <param name="network">The network; it stays the caller's.</param>
    /// <param name="target">The class.</param>
    /// <param name="layers">The layers; null for the usual one.</param>
    public static MethodRun Of(SaliencyMethod method, ImageNetwork network, int target, IReadOnlyList<string>? layers = null)
    {
        MLContext context = new(seed: 1);
        var options = new AbsCamOptions
        {
            Method = method,
            Target = SaliencyTarget.Class(target),
            Layers = layers,
            Columns = new() { Forwards = "Forwards", Status = "Status" },
            BatchSize = 4,
            MaskBatchSize = 3,
        };
        using AbsCamTransformer transformer = Explained.Transformer(context, options, network);
        IDataView explained = transformer.Transform(TinyNetwork.View(context, Images));
        return new(explained.Maps(), [.. explained.GetColumn<int>("Forwards")], [.. explained.GetColumn<string>("Status")]);
    }

    /// <inheritdoc cref="Of(SaliencyMethod, ImageNetwork, int, IReadOnlyList{string})"/>
    public static MethodRun Of(SaliencyMethod method, TinyNetwork network, int target)
    {
        using ImageNetwork open = network.Open();
        return Of(method, open, target);
    }
}
