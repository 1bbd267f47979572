using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>Reads the network, settles layer and device, says once what was settled, and checks what only the network can tell.</summary>
internal sealed class ExplainerFactory
{
    public ExplainerFactory(IHost host, ImageNetwork network, AbsCamOptions options)
    {
        FeatureLayer layer = network.FindLayer(options.Layer);
        Shape = network.Shape;
        Check(network, options);
        Device device = ChooseDevice(host, options);
        using (IChannel channel = host.Start("AbsCam"))
        {
            channel.Info($"Abs-CAM explains layer '{layer.Name}' of '{network.Name}' ({layer.Operator}, {layer.Channels} x {layer.Height} x {layer.Width}) on {device}: {layer.Verdict}");
        }

        Explainer = new Explainer(network, new ExplainerSettings(
            layer.Name, ExplainerSettings.MethodOf(options), ExplainerSettings.ReadingOf(options), options.Tolerance, options.MapSize == MapSize.Layer, options.TargetsPerRow, options.MaskBatchSize, device));
    }

    public NetworkShape Shape { get; }

    public Explainer Explainer { get; }

    private static void Check(ImageNetwork network, AbsCamOptions options)
    {
        int classes = network.Shape.ClassCount;
        if (options.Labels is not null && options.Labels.Count != classes)
        {
            throw new ArgumentException($"There are {options.Labels.Count} labels, and the network '{network.Name}' scores {classes} classes. Give one label a class, in the order of the scores.");
        }

        if (options.Target is ClassTarget target && target.Index >= classes)
        {
            throw new ArgumentException($"The target class {target.Index} does not exist: the network '{network.Name}' scores {classes} classes, 0 to {classes - 1}.");
        }

        if (options.TargetsPerRow > classes)
        {
            throw new ArgumentException($"The top {options.TargetsPerRow} classes are asked for, and the network '{network.Name}' scores {classes}.");
        }
    }

    private static Device ChooseDevice(IHost host, AbsCamOptions options)
    {
        if ((options.GpuDeviceId ?? CatalogEnvironment.GpuDeviceId(host)) is not int index)
        {
            return CPU;
        }

        if (cuda.is_available() && index < cuda.device_count())
        {
            return device(DeviceType.CUDA, index);
        }

        string missing = $"The CUDA device {index} is asked for and cannot be had ({(cuda.is_available() ? $"there are {cuda.device_count()}" : "the libtorch of this program has no CUDA, or there is no device")}).";
        if (!options.FallbackToCpu)
        {
            throw new InvalidOperationException($"{missing} Reference a libtorch-cuda package, or set {nameof(AbsCamOptions)}.{nameof(AbsCamOptions.FallbackToCpu)}.");
        }

        using IChannel channel = host.Start("AbsCam");
        channel.Warning($"{missing} The CPU is used.");
        return CPU;
    }
}
