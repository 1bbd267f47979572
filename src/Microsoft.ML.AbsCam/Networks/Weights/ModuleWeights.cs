using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Weights;
using Microsoft.ML.AbsCam.Onnx.Files;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>Fills a TorchSharp module with weights that PyTorch wrote.</summary>
/// <remarks>
/// Read are state dicts and checkpoints of <c>torch.save</c> (PyTorch 1.6 and later) and safetensors files. No Python
/// object in a file is ever made and no code of it runs: what is not a dictionary of plain tensors is refused.
/// </remarks>
public static class ModuleWeights
{
    /// <summary>Copies each tensor of the file onto the parameter or buffer of the same name.</summary>
    /// <param name="module">The module. Its mode and what requires a gradient stay as they are; its types and devices too: the numbers are converted.</param>
    /// <param name="file">The path of the file. It is read one tensor at a time, so it may be larger than memory can hold twice.</param>
    /// <param name="options">Names and strictness; null takes the defaults.</param>
    /// <returns>What was loaded, and where loading is not strict, what was left over on either side.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="NetworkLoadException">The file cannot be read, or does not fit the module. All is checked before the first
    /// copy, so the module is as it was, unless the disk itself fails between.</exception>
    public static WeightsReport Load(nn.Module module, string file, WeightsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"There is no file of weights '{file}'.", file);
        }

        options ??= new WeightsOptions();
        string source = Path.GetFileName(file);
        using IWeightsFile weights = Open(file, source, options);
        var match = new WeightsMatch(module, weights, options, source);
        foreach ((StoredTensor from, Tensor to) in match.Pairs)
        {
            Guard(source, () => { TensorCopy.Copy(weights, from, to); return true; });
        }

        return match.Report;
    }

    private static IWeightsFile Open(string file, string source, WeightsOptions options)
    {
        return Guard(source, () =>
        {
            FileStream bytes = RegularFile.OpenRead(file);
            try
            {
                ModelFileKind kind = ModelFileKinds.Of(bytes);
                return kind switch
                {
                    ModelFileKind.TorchStateDict => (IWeightsFile)new TorchArchive(bytes, source, options.StateDictKey),
                    ModelFileKind.Safetensors => new SafetensorsFile(bytes, source),
                    _ => throw new NetworkLoadException($"{source}: {ModelFileAdvice.WhyNotWeights(kind)}"),
                };
            }
            catch
            {
                bytes.Dispose();
                throw;
            }
        });
    }

    private static T Guard<T>(string source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InsufficientMemoryException e)
        {
            throw new NetworkLoadException($"{source}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or NotSupportedException or UnauthorizedAccessException)
        {
            throw new NetworkLoadException($"{source}: the file cannot be read to its end ({e.Message.TrimEnd('.')}). It is cut short or damaged, or this program may not read it.", e);
        }
    }
}
