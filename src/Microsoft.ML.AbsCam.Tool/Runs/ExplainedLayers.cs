namespace Microsoft.ML.AbsCam.Tool.Runs;

/// <summary>The layers that a run explains, and the size of its maps.</summary>
internal sealed record ExplainedLayers(IReadOnlyList<FeatureLayer> Layers, int MapHeight, int MapWidth)
{
    /// <summary>As results name them.</summary>
    public string Names => Layers.Count == 0 ? "none" : string.Join(" + ", Layers.Select(layer => layer.Name));

    /// <exception cref="ArgumentException">The network has no such layer.</exception>
    public static ExplainedLayers Of(AbsCamOptions options, ImageNetwork network)
    {
        IReadOnlyList<FeatureLayer> layers = options.LayersFor(network);
        return options.MapSize == MapSize.Layer
            ? new ExplainedLayers(layers, layers[0].Height, layers[0].Width)
            : new ExplainedLayers(layers, network.Shape.Height, network.Shape.Width);
    }
}
