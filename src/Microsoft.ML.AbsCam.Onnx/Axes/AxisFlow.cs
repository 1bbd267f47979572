using Microsoft.ML.AbsCam.Onnx.Nodes;

namespace Microsoft.ML.AbsCam.Onnx.Axes;

/// <summary>Says what the axes of a node's output mean, of what those of its inputs mean; null where that is not known.</summary>
internal delegate ValueAxes? AxisRule(AxisFlow flow);

/// <summary>One node, as the axes flow through it.</summary>
/// <param name="node">The node.</param>
/// <param name="inputs">What the inputs' axes mean; null for constants, and for what does not come of the image.</param>
/// <param name="shapes">The inputs' shapes; empty for an input that is left out.</param>
/// <param name="output">The output's shape.</param>
/// <param name="before">The shapes of the node's outputs before this one.</param>
internal sealed class AxisFlow(OnnxNode node, IReadOnlyList<ValueAxes?> inputs, IReadOnlyList<long[]> shapes, long[] output, IReadOnlyList<long[]> before)
{
    public OnnxNode Node => node;

    public IReadOnlyList<ValueAxes?> Inputs => inputs;

    public IReadOnlyList<long[]> Shapes => shapes;

    public long[] Output => output;

    public IReadOnlyList<long[]> Before => before;

    /// <summary>What an input's axes mean; a constant has axes of its own.</summary>
    public ValueAxes Axes(int index) => inputs[index] ?? ValueAxes.Features(shapes[index]);

    /// <summary>An axis that may count from the end.</summary>
    public static int Axis(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);
}
