using Microsoft.ML.AbsCam;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.AbsCam.Pipeline.Outputs;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Adds saliency maps to <see cref="MLContext.Transforms"/>.</summary>
/// <remarks>
/// An input column that is left out is the output column, as with ML.NET's own transforms: the map then takes the image's place under its name. Where the
/// image is still needed, as an evaluation of the maps needs it, both have names of their own.
/// </remarks>
public static partial class AbsCamCatalog
{
    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/>, which appends to each row a saliency map: where on the image the network
    /// looked when it scored its class.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the map column, a vector of float [H,W] in [0,1].</param>
    /// <param name="inputColumnName">The name of the image column: <see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="modelFile">The path of an ONNX file with a convolutional classifier. Only load models from trusted sources.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[FirstMaps](~/docs/samples/FirstMaps.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, string modelFile, AbsCamOptions? options = null)
        => Create(catalog, outputColumnName, inputColumnName, Open(modelFile, options), options, ownsNetwork: true);

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/>, which appends to each row a saliency map: where on the image the network
    /// looked when it scored its class.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the image column (<see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]), and of the map column, a vector of float [H,W] in [0,1], which takes its place.</param>
    /// <param name="modelFile">The path of an ONNX file with a convolutional classifier. Only load models from trusted sources.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[FirstMaps](~/docs/samples/FirstMaps.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string modelFile, AbsCamOptions? options = null)
        => catalog.AbsCam(outputColumnName, inputColumnName: null, modelFile, options);

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/>, which appends to each row a saliency map: where on the image the network
    /// looked when it scored its class.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the map column, a vector of float [H,W] in [0,1].</param>
    /// <param name="inputColumnName">The name of the image column: <see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="modelFile">The path of an ONNX file with a convolutional classifier. Only load models from trusted sources.</param>
    /// <param name="gpuDeviceId">The CUDA device; null takes <see cref="MLContext.GpuDeviceId"/>, and the CPU where that is null too.</param>
    /// <param name="fallbackToCpu">Whether to go on with the CPU where the CUDA device cannot be had, instead of throwing.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[FirstMaps](~/docs/samples/FirstMaps.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, string modelFile, int? gpuDeviceId, bool fallbackToCpu = false)
        => catalog.AbsCam(outputColumnName, inputColumnName, modelFile, new AbsCamOptions { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu });

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/> around a network that the caller made and disposes.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the map column, a vector of float [H,W] in [0,1].</param>
    /// <param name="inputColumnName">The name of the image column: <see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="network">The network, from ONNX or from a TorchSharp module. It stays the caller's, and may serve several pipelines.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[OwnModule](~/docs/samples/OwnModule.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, ImageNetwork network, AbsCamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Create(catalog, outputColumnName, inputColumnName, network, options, ownsNetwork: false);
    }

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/> around a network that the caller made and disposes.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the image column (<see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]), and of the map column, a vector of float [H,W] in [0,1], which takes its place.</param>
    /// <param name="network">The network, from ONNX or from a TorchSharp module. It stays the caller's, and may serve several pipelines.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <example>
    /// <format type="text/markdown"><![CDATA[
    /// [!code-csharp[OwnModule](~/docs/samples/OwnModule.cs)]
    /// ]]></format>
    /// </example>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, ImageNetwork network, AbsCamOptions? options = null)
        => catalog.AbsCam(outputColumnName, inputColumnName: null, network, options);

    private static AbsCamEstimator Create(TransformsCatalog catalog, string outputColumnName, string? inputColumnName, ImageNetwork network, AbsCamOptions? options, bool ownsNetwork)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        options = (options ?? new AbsCamOptions()).FittedTo(network);
        options.Validate();
        OutputColumns.CheckNames(outputColumnName, options);
        return new AbsCamEstimator(CatalogEnvironment.Of(catalog), outputColumnName, inputColumnName ?? outputColumnName, network, options, ownsNetwork);
    }

    private static ImageNetwork Open(string file, AbsCamOptions? options)
        => ImageNetwork.FromOnnx(file, options?.Preprocessing?.Height, options?.Preprocessing?.Width, options?.ImportLimits, options?.ScoresOutput, options?.Labels?.Count, options?.Task ?? default);
}
