using Microsoft.ML.AbsCam.Networks.Onnx;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Gradients;
using Microsoft.ML.AbsCam.Onnx.Graphs;
using static Microsoft.ML.AbsCam.Onnx.Format.TensorShapeProto.Types;

namespace Microsoft.ML.AbsCam.Baking;

/// <summary>Batch, height and width of a file's image input, as the file states them.</summary>
internal sealed class InputSizes
{
    private readonly string _input;
    private readonly int _rows;

    private InputSizes(string input, TensorShapeProto shape, bool channelsLast, RunTrace? larger)
    {
        (_input, _rows) = (input, channelsLast ? 1 : 2);
        (Batch, Height, Width) = (shape.Dim[0], shape.Dim[_rows], shape.Dim[_rows + 1]);
        Larger = larger;
    }

    public Dimension Batch { get; }

    public Dimension Height { get; }

    public Dimension Width { get; }

    /// <summary>A run of images of twice the size, where the file leaves it open; else null.</summary>
    public RunTrace? Larger { get; }

    public bool IsOpen => Larger is not null;

    /// <summary>Whether the file takes one image at a time alone.</summary>
    public bool IsOfOne => Batch.DimValue == 1;

    /// <summary>A file that leaves the size open, and runs at one size alone or has a layer of one size, is closed at that size.</summary>
    /// <param name="graph">The file's graph.</param>
    /// <param name="network">The file imported.</param>
    /// <param name="mayGrow">Whether the layer's places may be more or fewer.</param>
    public static InputSizes Of(GraphProto graph, OnnxNetwork network, bool mayGrow)
    {
        TensorShapeProto shape = graph.Input.Single(input => input.Name == network.InputName).Type.TensorType.Shape;
        int first = network.ChannelsLast ? 1 : 2;
        bool open = shape.Dim[first].DimValue <= 0 || shape.Dim[first + 1].DimValue <= 0;
        RunTrace? larger = open && mayGrow ? network.TryLarger() : null;
        if (larger is null)
        {
            (shape.Dim[first], shape.Dim[first + 1]) = (new Dimension { DimValue = network.InputHeight }, new Dimension { DimValue = network.InputWidth });
        }

        return new InputSizes(network.InputName, shape, network.ChannelsLast, larger);
    }

    /// <summary>Height and width as a vector of two numbers.</summary>
    public string Write(NodeWriter writer) => IsOpen
        ? writer.Node("Slice", [writer.Shape(_input), writer.Ints(_rows), writer.Ints(_rows + 2)])
        : writer.Ints(Height.DimValue, Width.DimValue);
}
