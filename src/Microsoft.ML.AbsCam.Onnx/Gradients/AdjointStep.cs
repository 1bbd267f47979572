using Microsoft.ML.AbsCam.Onnx.Nodes;

namespace Microsoft.ML.AbsCam.Onnx.Gradients;

/// <summary>One node on the way back: its values by name, the gradients of its outputs, and which inputs' gradients are wanted.</summary>
/// <param name="node">The node.</param>
/// <param name="writer">Takes what is written.</param>
/// <param name="inputs">The inputs' shapes; null for one that is left out.</param>
/// <param name="outputs">The outputs' shapes; null for one that is left out.</param>
/// <param name="gradients">The outputs' gradients by name; null where the score does not depend on one.</param>
/// <param name="wanted">Which inputs lead back to the layer.</param>
/// <param name="constants">The numbers of an input that is the same in every run; null where it is not.</param>
/// <param name="read">From a value's name to that of what is read of it; null where values are read whole.</param>
internal sealed class AdjointStep(
    OnnxNode node, NodeWriter writer, ValueShape?[] inputs, ValueShape?[] outputs, string?[] gradients, bool[] wanted, Func<int, double[]?> constants, Func<string, string>? read = null)
{
    /// <summary>The adjoint of what jumps from constant to constant: its gradient is zero, and nothing is handed on.</summary>
    public static readonly Adjoint NoGradient = _ => { };

    private readonly string?[] _given = new string?[inputs.Length];

    public OnnxNode Node => node;

    public NodeWriter Write => writer;

    public int InputCount => inputs.Length;

    public int OutputCount => outputs.Length;

    /// <summary>The format's element type of the first output, and of the gradients.</summary>
    public int Type => outputs[0]!.ElementType;

    /// <summary>The gradient of the first output.</summary>
    public string Gradient => GradientOf(0) ?? throw node.Error("the score depends on another than its first output, and no adjoint is known for that. Choose a layer behind it.");

    public string? GradientOf(int output) => gradients[output];

    /// <summary>The name of an input.</summary>
    public string Input(int index) => read?.Invoke(node.Inputs[index]) ?? node.Inputs[index];

    public bool Has(int index) => node.HasInput(index);

    /// <summary>The name of an output.</summary>
    public string Output(int index = 0) => read?.Invoke(node.Outputs[index]) ?? node.Outputs[index];

    public ValueShape ShapeOf(int input) => inputs[input]!;

    public ValueShape OutputShape(int output = 0) => outputs[output]!;

    /// <summary>Whether the gradient of this input is wanted.</summary>
    public bool Wants(int input) => input < wanted.Length && wanted[input];

    /// <summary>The whole numbers of an input that is the same in every run; null where it is not.</summary>
    public long[]? Constants(int input) => Numbers(input)?.Select(number => (long)number).ToArray();

    /// <summary>The numbers of an input that is the same in every run; null where it is not, or is left out.</summary>
    public double[]? Numbers(int input) => Has(input) ? constants(input) : null;

    /// <summary>Hands over the gradient of an input, which has its shape.</summary>
    public void Give(int input, string gradient) => _given[input] = gradient;

    /// <summary>As <see cref="Give"/>, for an input that may have been repeated along some axes to meet the others.</summary>
    public void GiveSpread(int input, string gradient) => Give(input, SumTo(gradient, OutputShape(), input));

    /// <summary>What was handed over; null where the input does not change the outputs.</summary>
    public string? Given(int input) => _given[input];

    /// <summary>A real number of the gradients' type.</summary>
    public string Real(double value) => writer.Real(value, Type);

    /// <summary>A gradient laid out like an input, whose numbers are as many.</summary>
    public string LaidOut(string gradient, int input)
    {
        ValueShape shape = ShapeOf(input);
        return shape.Varies.Count(varies => varies) <= 1 && !shape.Sizes.Contains(0)
            ? writer.Reshape(gradient, [.. shape.Sizes.Select((size, axis) => shape.Varies[axis] ? -1 : size)])
            : writer.Reshape(gradient, writer.Shape(Input(input)));
    }

    /// <summary>A gradient repeated to be like an input: along the axes where it has one number and the input has more.</summary>
    /// <param name="gradient">A gradient of the input's rank.</param>
    /// <param name="input">The input.</param>
    /// <param name="axes">The axes along which it has one number.</param>
    public string Repeated(string gradient, int input, ReadOnlySpan<long> axes)
    {
        ValueShape shape = ShapeOf(input);
        long[] sizes = [.. Enumerable.Repeat(1L, shape.Rank)];
        foreach (long axis in axes)
        {
            if (shape.Fixed((int)axis) is not long size)
            {
                return writer.Expand(gradient, writer.Shape(Input(input)));
            }

            sizes[axis] = size;
        }

        return writer.Expand(gradient, writer.Ints(sizes));
    }

    /// <summary>The sum over the axes along which an input was repeated to have a shape.</summary>
    /// <param name="gradient">A gradient of that shape.</param>
    /// <param name="whole">The shape.</param>
    /// <param name="input">The input.</param>
    public string SumTo(string gradient, ValueShape whole, int input)
    {
        ValueShape own = ShapeOf(input);
        int lead = whole.Rank - own.Rank;
        long[] axes = [.. Enumerable.Range(0, whole.Rank).Where(axis => axis < lead || (own.Sizes[axis - lead] == 1 && whole.Sizes[axis] != 1)).Select(axis => (long)axis)];
        string sum = axes.Length == 0 ? gradient : writer.Sum(gradient, axes);
        return lead == 0 ? sum : writer.Squeeze(sum, [.. Enumerable.Range(0, lead).Select(axis => (long)axis)]);
    }

    /// <summary>What the node cannot be differentiated for, with the remedy.</summary>
    public NetworkLoadException Error(string why) => node.Error($"no adjoint is known where {why}. Choose a layer behind it, or explain with the network itself.");
}
