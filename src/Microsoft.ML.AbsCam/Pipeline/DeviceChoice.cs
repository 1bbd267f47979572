using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>Where a network runs, and what runs it.</summary>
/// <param name="Device">Where tensors are, and where TorchSharp computes.</param>
/// <param name="Engine">What computes passes.</param>
internal sealed record DeviceChoice(Device Device, EngineChoice Engine)
{
    /// <summary>
    /// The device that the options or the context name: in ONNX Runtime where the program's has CUDA and runs the network, which needs no other libtorch than the
    /// CPU's; else in TorchSharp.
    /// </summary>
    /// <param name="host">Where messages go.</param>
    /// <param name="network">The network.</param>
    /// <param name="options">What the user wants.</param>
    /// <param name="layers">The layers that will be explained.</param>
    /// <param name="withGradients">Whether gradients will be asked for at them.</param>
    /// <exception cref="InvalidOperationException">It cannot be had, and the CPU may not take its place.</exception>
    public static DeviceChoice Of(IHost host, ImageNetwork network, AbsCamOptions options, IReadOnlyList<string> layers, bool withGradients)
    {
        LibTorch.Require();
        if ((options.GpuDeviceId ?? CatalogEnvironment.GpuDeviceId(host)) is not int index)
        {
            return On(CPU);
        }

        string whyNot = $"{nameof(AbsCamOptions)}.{nameof(AbsCamOptions.Engine)} is {options.Engine}";
        if (options.Engine != NetworkEngine.TorchSharp)
        {
            EngineChoice engine = network.ChooseEngine(NetworkEngine.Auto, CPU, layers, withGradients, index);
            if (engine.Engine == NetworkEngine.OnnxRuntime)
            {
                return new DeviceChoice(CPU, engine);
            }

            whyNot = engine.Reason;
        }

        if (cuda.is_available() && index < cuda.device_count())
        {
            return On(device(DeviceType.CUDA, index));
        }

        string missing = $"The CUDA device {index} is asked for and cannot be had ({whyNot}; {(cuda.is_available() ? $"TorchSharp has {cuda.device_count()}" : "the libtorch of this program has no CUDA, or there is no device")}).";
        if (!options.FallbackToCpu)
        {
            throw new InvalidOperationException($"{missing} Reference the package Microsoft.ML.OnnxRuntime.Gpu in the place of Microsoft.ML.OnnxRuntime, which runs ONNX files, or a libtorch-cuda package; or set {nameof(AbsCamOptions)}.{nameof(AbsCamOptions.FallbackToCpu)}.");
        }

        using IChannel channel = host.Start("AbsCam");
        channel.Warning($"{missing} The CPU is used.");
        return On(CPU);

        DeviceChoice On(Device device) => new(device, network.ChooseEngine(options.Engine, device, layers, withGradients));
    }

    public override string ToString() => Engine.Cuda is int index ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cuda:{index}") : Device.ToString();
}
