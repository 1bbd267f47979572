using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace Microsoft.ML.AbsCam.Tool.Commands.Options;

/// <summary>What --device names.</summary>
/// <param name="Cuda">The number of a CUDA device; null for the CPU.</param>
internal sealed record ComputeDevice(int? Cuda)
{
    private const string CudaWord = "cuda";

    /// <exception cref="FormatException">The text names no device.</exception>
    public static ComputeDevice Parse(string text)
    {
        string[] parts = text.ToLowerInvariant().Split(':');
        return parts switch
        {
            ["cpu"] => new ComputeDevice(Cuda: null),
            [CudaWord] => new ComputeDevice(0),
            [CudaWord, var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int device) => new ComputeDevice(device),
            _ => throw new FormatException("cpu, cuda or cuda:N is expected, such as cuda:0 for the first CUDA device."),
        };
    }

    /// <returns>The number of a CUDA device that is here; null for the CPU.</returns>
    /// <exception cref="UsageException">There is no such device here.</exception>
    public int? Checked()
    {
        if (Cuda is not int number)
        {
            return null;
        }

        if (OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
        {
            // Whether the device is there is seen when the network is opened on it.
            return number;
        }

        if (!torch.cuda.is_available())
        {
            throw new UsageException($"--device cuda:{number}: the ONNX Runtime of this command is built for the CPU alone, and its libtorch is too, or finds no CUDA device. Leave --device out, or build the command with Microsoft.ML.OnnxRuntime.Gpu or a package of libtorch-cuda where the driver of an NVIDIA device is installed (docs/operate/packaging.md).");
        }

        int count = torch.cuda.device_count();
        return number < count ? number : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--device cuda:{number}: there {(count == 1 ? "is one CUDA device, cuda:0" : $"are {count} CUDA devices, cuda:0 to cuda:{count - 1}")}. Give one of them, or cpu."));
    }
}
