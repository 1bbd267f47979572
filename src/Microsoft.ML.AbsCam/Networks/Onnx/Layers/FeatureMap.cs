namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>A value with a height and a width that descends from the image, map by map.</summary>
/// <param name="Slot">Where it is.</param>
/// <param name="Name">The value's name.</param>
/// <param name="Step">What makes it.</param>
/// <param name="Parents">The maps that it is made of.</param>
/// <param name="Shape">Its shape in the recorded run.</param>
/// <param name="Layout">How its axes lie.</param>
internal sealed record FeatureMap(int Slot, string Name, GraphStep Step, IReadOnlyList<FeatureMap> Parents, long[] Shape, MapLayout Layout)
{
    public string Operator => Step.Node.Operator;

    /// <summary>Whether it can be explained: [batch, channels, height, width], more than one pixel either way.</summary>
    public bool IsCandidate => Layout == MapLayout.ChannelsFirst && Shape.Length == 4 && Shape[2] > 1 && Shape[3] > 1;

    public int Channels => (int)Shape[1];
}
