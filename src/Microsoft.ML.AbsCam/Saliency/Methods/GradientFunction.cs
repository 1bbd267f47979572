using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>A <see cref="GradientMethod"/> that is a function.</summary>
internal sealed class GradientFunction(string name, Func<Tensor, Tensor, Tensor> combine) : GradientMethod(name)
{
    protected internal override Tensor Combine(Tensor activation, Tensor gradient) => combine(activation, gradient);
}
