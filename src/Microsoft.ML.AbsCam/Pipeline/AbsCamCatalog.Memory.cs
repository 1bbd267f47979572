using Microsoft.ML.AbsCam;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <content>Networks that lie in no file.</content>
public static partial class AbsCamCatalog
{
    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/> around an ONNX file that comes from a stream.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the map column, a vector of float [H,W] in [0,1].</param>
    /// <param name="inputColumnName">The name of the image column: <see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="model">A stream that holds an ONNX file with a convolutional classifier; it is read to its end now, and left open. Only load models from trusted sources.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[ModelFromMemory](~/docs/samples/ModelFromMemory.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, Stream model, AbsCamOptions? options = null)
        => Create(catalog, outputColumnName, inputColumnName, Open(model, options), options, ownsNetwork: true);

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/> around an ONNX file that comes from a stream.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the image column (<see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]), and of the map column, a vector of float [H,W] in [0,1], which takes its place.</param>
    /// <param name="model">A stream that holds an ONNX file with a convolutional classifier; it is read to its end now, and left open. Only load models from trusted sources.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[ModelFromMemory](~/docs/samples/ModelFromMemory.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, Stream model, AbsCamOptions? options = null)
        => catalog.AbsCam(outputColumnName, inputColumnName: null, model, options);

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/> around an ONNX file that comes from a stream.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the map column, a vector of float [H,W] in [0,1].</param>
    /// <param name="inputColumnName">The name of the image column: <see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="model">A stream that holds an ONNX file with a convolutional classifier; it is read to its end now, and left open. Only load models from trusted sources.</param>
    /// <param name="gpuDeviceId">The CUDA device; null takes <see cref="MLContext.GpuDeviceId"/>, and the CPU where that is null too.</param>
    /// <param name="fallbackToCpu">Whether to go on with the CPU where the CUDA device cannot be had, instead of throwing.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[ModelFromMemory](~/docs/samples/ModelFromMemory.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, Stream model, int? gpuDeviceId, bool fallbackToCpu = false)
        => catalog.AbsCam(outputColumnName, inputColumnName, model, new AbsCamOptions { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu });

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/> around an ONNX file in memory.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the map column, a vector of float [H,W] in [0,1].</param>
    /// <param name="inputColumnName">The name of the image column: <see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="model">The bytes of an ONNX file with a convolutional classifier; they are not copied and must not change. Only load models from trusted sources.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[ModelFromMemory](~/docs/samples/ModelFromMemory.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, ReadOnlyMemory<byte> model, AbsCamOptions? options = null)
        => Create(catalog, outputColumnName, inputColumnName, Open(model, options), options, ownsNetwork: true);

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/> around an ONNX file in memory.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the image column (<see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]), and of the map column, a vector of float [H,W] in [0,1], which takes its place.</param>
    /// <param name="model">The bytes of an ONNX file with a convolutional classifier; they are not copied and must not change. Only load models from trusted sources.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[ModelFromMemory](~/docs/samples/ModelFromMemory.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, ReadOnlyMemory<byte> model, AbsCamOptions? options = null)
        => catalog.AbsCam(outputColumnName, inputColumnName: null, model, options);

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/> around an ONNX file in memory.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the map column, a vector of float [H,W] in [0,1].</param>
    /// <param name="inputColumnName">The name of the image column: <see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="model">The bytes of an ONNX file with a convolutional classifier; they are not copied and must not change. Only load models from trusted sources.</param>
    /// <param name="gpuDeviceId">The CUDA device; null takes <see cref="MLContext.GpuDeviceId"/>, and the CPU where that is null too.</param>
    /// <param name="fallbackToCpu">Whether to go on with the CPU where the CUDA device cannot be had, instead of throwing.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[ModelFromMemory](~/docs/samples/ModelFromMemory.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, ReadOnlyMemory<byte> model, int? gpuDeviceId, bool fallbackToCpu = false)
        => catalog.AbsCam(outputColumnName, inputColumnName, model, new AbsCamOptions { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu });

    private static ImageNetwork Open(Stream model, AbsCamOptions? options)
        => ImageNetwork.FromOnnx(model, options?.Preprocessing?.Height, options?.Preprocessing?.Width, options?.ImportLimits, options?.ScoresOutput, options?.Labels?.Count, options?.Task ?? default);

    private static ImageNetwork Open(ReadOnlyMemory<byte> model, AbsCamOptions? options)
        => ImageNetwork.FromOnnx(model, options?.Preprocessing?.Height, options?.Preprocessing?.Width, options?.ImportLimits, options?.ScoresOutput, options?.Labels?.Count, options?.Task ?? default);
}
