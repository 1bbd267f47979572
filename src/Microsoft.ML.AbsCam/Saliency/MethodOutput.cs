using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>Looks at what a method gave before it is used: libtorch ends the process over some wrong shapes.</summary>
internal static class MethodOutput
{
    /// <param name="given">What the method gave.</param>
    /// <param name="method">The method, for messages.</param>
    /// <param name="member">The member that gave it.</param>
    /// <param name="shape">The shape that it should have.</param>
    /// <returns>The same numbers, as float.</returns>
    /// <exception cref="InvalidOperationException">The shape is another one.</exception>
    public static Tensor OfShape(this Tensor given, SaliencyMethod method, string member, params ReadOnlySpan<long> shape)
        => given is not null && given.shape.AsSpan().SequenceEqual(shape)
            ? given.to(ScalarType.Float32)
            : throw new InvalidOperationException($"{member} of the saliency method '{method.Name}' gave {(given is null ? "null" : $"a tensor [{string.Join(',', given.shape)}]")}; [{string.Join(',', shape.ToArray())}] is expected.");
}
