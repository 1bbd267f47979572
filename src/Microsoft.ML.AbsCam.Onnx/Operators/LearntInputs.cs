namespace Microsoft.ML.AbsCam.Onnx.Operators;

/// <summary>Which inputs of an operator hold what a network learns, where they are constant.</summary>
/// <param name="Weights">Inputs that others are multiplied with and summed up.</param>
/// <param name="Scale">The scale of a norm, which begins at 1.</param>
/// <param name="Bias">What is added.</param>
internal sealed record LearntInputs(int[] Weights, int? Scale = null, int? Bias = null)
{
    public static readonly LearntInputs None = new([]);

    /// <summary>A norm's: a scale and a bias behind its input.</summary>
    public static readonly LearntInputs Norm = new([], 1, 2);
}
