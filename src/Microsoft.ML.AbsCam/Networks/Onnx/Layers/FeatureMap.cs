using Microsoft.ML.AbsCam.Onnx.Axes;
using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>A value with places: its axes are images, channels, rows and columns, or images, channels and tokens, in some order.</summary>
/// <param name="Slot">Where it is.</param>
/// <param name="Name">The value's name.</param>
/// <param name="Step">What makes it.</param>
/// <param name="Parent">The nearest map that it is made of; null where it is made of the image.</param>
/// <param name="Layout">Its channels, height and width in the recorded run, and where they are in the network.</param>
/// <param name="Field">Pixels that a place sees along rows and columns; null where no window tells.</param>
internal sealed record FeatureMap(int Slot, string Name, GraphStep Step, FeatureMap? Parent, PlaceLayout Layout, double[]? Field)
{
    public string Operator => Step.Node.Operator;

    public int Channels => (int)Layout.Shape[0];

    public int Height => (int)Layout.Shape[1];

    public int Width => (int)Layout.Shape[2];

    /// <summary>How many tokens there are, places or not; null where there are none.</summary>
    public int? Tokens => Layout.Tokens > 0 ? (int)Layout.Tokens : null;

    /// <summary>Pixels of the image from one place to the next, along rows and columns.</summary>
    public double[] Stride { get; } = [AxisRoles.PixelsOf(Layout.Rows), AxisRoles.PixelsOf(Layout.Columns)];

    public int? WholeStride => Math.Max(Stride[0], Stride[1]) is double most && most >= 1 && most == Math.Floor(most) ? (int)most : null;

    public int? WholeField => Field is null ? null : (int)Math.Min(int.MaxValue, Math.Round(Math.Max(Field[0], Field[1])));
}
