using TorchSharp;

namespace Microsoft.ML.AbsCam.Onnx.Tensors;

/// <summary>Numbers for libtorch that stay alive while it reads them.</summary>
/// <remarks>
/// TorchSharp frees a <see cref="Scalar"/> when it is collected, and hands libtorch its address alone. A number that is converted on the way
/// into a call is garbage from then on, so a collection on another thread can free it under libtorch's hands: the
/// operation fails, or reads another number. Here each thread holds on to those that it made last; a call takes three at most.
/// </remarks>
internal static class HeldScalar
{
    private const int Kept = 16;

    [ThreadStatic]
    private static Scalar?[]? _last;

    [ThreadStatic]
    private static int _next;

#pragma warning disable RS0030 // The one place where numbers are converted.
    /// <summary>1, for good.</summary>
    public static Scalar One { get; } = 1;

    public static Scalar Of(long value) => Hold(value);

    public static Scalar Of(double value) => Hold(value);
#pragma warning restore RS0030

    private static Scalar Hold(Scalar value)
    {
        Scalar?[] kept = _last ??= new Scalar?[Kept];
        kept[_next] = value;
        _next = (_next + 1) % Kept;
        return value;
    }
}
