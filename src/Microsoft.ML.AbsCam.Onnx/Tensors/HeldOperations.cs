using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Tensors;

/// <summary>Operations for which TorchSharp makes numbers of its own that nobody holds on to: see <see cref="HeldScalar"/>.</summary>
internal static class HeldOperations
{
    // TorchSharp's a.add(b) is a.add(b, 1).
    public static Tensor Plus(this Tensor value, Tensor other) => value.add(other, HeldScalar.One);

    public static Tensor Plus(this Tensor value, double number) => value.add(HeldScalar.Of(number), HeldScalar.One);

    public static Tensor Plus(this Tensor value, long number) => value.add(HeldScalar.Of(number), HeldScalar.One);

    /// <summary>Adds in place.</summary>
    public static Tensor PlusInPlace(this Tensor value, Tensor other) => value.add_(other, HeldScalar.One);

    /// <inheritdoc cref="PlusInPlace(Tensor, Tensor)"/>
    public static Tensor PlusInPlace(this Tensor value, double number) => value.add_(HeldScalar.Of(number), HeldScalar.One);

    public static Tensor Squared(this Tensor value) => value.mul(value);

    /// <summary>log(1 + exp(x)).</summary>
    public static Tensor SoftPlus(this Tensor value) => nn.functional.logsigmoid(value.neg()).neg();

    /// <summary>x above 0, alpha (exp(x) - 1) below.</summary>
    public static Tensor Elu(this Tensor value, double alpha) => value.elu(HeldScalar.Of(alpha), HeldScalar.One, HeldScalar.One);

    /// <summary>0, 1, 2 and so on.</summary>
    public static Tensor CountTo(long count, ScalarType type, Device? device = null) => arange(HeldScalar.Of(0L), HeldScalar.Of(count), HeldScalar.One, type, device);
}
