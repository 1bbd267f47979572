using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Layers;

/// <summary>A value whose axes are images, channels, rows and columns, in some order.</summary>
/// <param name="Slot">Where it is.</param>
/// <param name="Name">The value's name.</param>
/// <param name="Step">What makes it.</param>
/// <param name="Parent">The nearest map that it is made of; null where it is made of the image.</param>
/// <param name="Shape">Channels, height and width in the recorded run.</param>
/// <param name="Order">Its axes that are images, channels, rows and columns.</param>
/// <param name="Stride">Pixels of the image from one place to the next, along rows and columns.</param>
/// <param name="Field">Pixels that a place sees along rows and columns; null where no window tells.</param>
internal sealed record FeatureMap(int Slot, string Name, GraphStep Step, FeatureMap? Parent, long[] Shape, long[] Order, double[] Stride, double[]? Field)
{
    public string Operator => Step.Node.Operator;

    public int Channels => (int)Shape[0];

    public int Height => (int)Shape[1];

    public int Width => (int)Shape[2];

    public int? WholeStride => Math.Max(Stride[0], Stride[1]) is double most && most >= 1 && most == Math.Floor(most) ? (int)most : null;

    public int? WholeField => Field is null ? null : (int)Math.Min(int.MaxValue, Math.Round(Math.Max(Field[0], Field[1])));
}
