using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>An <see cref="ActivationMethod"/> that is a function.</summary>
internal sealed class ActivationFunction(string name, Func<Tensor, Tensor> combine) : ActivationMethod(name)
{
    protected internal override Tensor Combine(Tensor activation) => combine(activation);
}
