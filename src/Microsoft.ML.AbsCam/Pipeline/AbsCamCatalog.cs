using Microsoft.ML.AbsCam;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Adds saliency maps to <see cref="MLContext.Transforms"/>.</summary>
public static class AbsCamCatalog
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
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, string modelFile, AbsCamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ImagePreprocessing? preprocessing = options?.Preprocessing;
        return Create(catalog, outputColumnName, inputColumnName, ImageNetwork.FromOnnx(modelFile, preprocessing?.Height, preprocessing?.Width, options?.ImportLimits, options?.ScoresOutput, options?.Labels?.Count), options, ownsNetwork: true);
    }

    /// <summary>
    /// Creates an <see cref="AbsCamEstimator"/> around a network that the caller made and disposes.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The name of the map column, a vector of float [H,W] in [0,1].</param>
    /// <param name="inputColumnName">The name of the image column: <see cref="MLImage"/>, or a preprocessed vector of float [C,H,W] or [H,W,C]. Null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="network">The network, from ONNX or from a TorchSharp module. It stays the caller's, and may serve several pipelines.</param>
    /// <param name="options">Everything else; null takes the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public static AbsCamEstimator AbsCam(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName, ImageNetwork network, AbsCamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(network);
        return Create(catalog, outputColumnName, inputColumnName, network, options, ownsNetwork: false);
    }

    private static AbsCamEstimator Create(TransformsCatalog catalog, string outputColumnName, string? inputColumnName, ImageNetwork network, AbsCamOptions? options, bool ownsNetwork)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        options ??= new AbsCamOptions();
        options.Validate();
        OutputColumns.CheckNames(outputColumnName, options);
        return new AbsCamEstimator(CatalogEnvironment.Of(catalog), outputColumnName, inputColumnName ?? outputColumnName, network, options, ownsNetwork);
    }
}
