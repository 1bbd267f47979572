using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Gradients;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>What a method's formula is written with, as nodes of a model file: the same operations as on tensors.</summary>
/// <param name="layer">What the method looks at.</param>
/// <param name="again">Runs the network again; null where it cannot.</param>
internal sealed class MapNodes(LayerNodes layer, IRunsAgain? again = null)
{
    private static readonly long[] Places = [2, 3];
    private string? _gradient;

    public NodeWriter Write => layer.Write;

    /// <summary>The layer's output A [B,C,h,w].</summary>
    public string Activation => layer.Activation;

    /// <summary>The gradient g [B,C,h,w].</summary>
    public string Gradient => _gradient ??= layer.Gradient();

    /// <summary>The network on other images, or with another layer.</summary>
    public IRunsAgain Again => again ?? throw new NotSupportedException("The network cannot be run again here.");

    /// <summary>The format's element type of both.</summary>
    public int Type => layer.Type;

    /// <summary>A number.</summary>
    public string Real(double value) => Write.Real(value, layer.Type);

    /// <summary>The mean over the places [B,C,1,1].</summary>
    public string Mean(string x) => Write.Mean(x, Places);

    /// <summary>The sum over the places [B,C,1,1].</summary>
    public string Sum(string x) => Write.Sum(x, Places);

    /// <summary>The greatest number of the places less the least [B,C,1,1].</summary>
    public string Range(string x) => Write.Sub(Write.Greatest(x, Places), Write.Least(x, Places));

    /// <summary>Whether each of A's maps is not the same everywhere [B,C,1,1].</summary>
    public string IsVaried() => Write.Node("GreaterOrEqual", [Range(Activation), Real(MapMath.FlatRange)]);

    /// <summary>Numbers of each channel [B,C], as weights are [B,C,1,1].</summary>
    public string OfChannels(string numbers) => Write.Unsqueeze(numbers, Places);

    /// <summary>Numbers of each channel [B,C,1,1], without the axes of the places.</summary>
    public string WithoutPlaces(string numbers) => Write.Squeeze(numbers, Places);

    public string Relu(string x) => Write.Node("Relu", [x]);

    /// <summary>The sum over the channels [B,1,h,w].</summary>
    public string OverChannels(string x) => Write.Sum(x, [1]);

    /// <summary>The sum over the channels of weights [B,C,1,1] times A: one map a row, [B,1,h,w].</summary>
    public string WeightedSum(string weights)
    {
        // As a product of matrices, so that no product of each channel is kept.
        string rows = Write.MatMul(Write.Transpose(Write.Squeeze(weights, 3), 0, 2, 1), Write.Reshape(Activation, 0, 0, -1));
        string size = Write.Node("Slice", [Write.Shape(Activation), Write.Ints(2), Write.Ints(4)]);
        string batch = Write.Node("Slice", [Write.Shape(Activation), Write.Ints(0), Write.Ints(1)]);
        return Write.Reshape(rows, Write.Concat(0, batch, Write.Ints(1), size));
    }
}
