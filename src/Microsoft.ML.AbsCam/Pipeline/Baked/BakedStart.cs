using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Pipeline.Baked;

/// <summary>Makes a baked file ready on its device, and says once what was settled.</summary>
internal static class BakedStart
{
    /// <param name="host">Where messages go.</param>
    /// <param name="network">The network.</param>
    /// <param name="options">What is asked of it, as <see cref="BakedFit"/> settled it.</param>
    /// <exception cref="InvalidOperationException">A CUDA device is asked for and cannot be had, and the CPU may not take its place.</exception>
    public static BakedExplainer Open(IHost host, BakedImageNetwork network, AbsCamOptions options)
    {
        using IChannel channel = host.Start("AbsCam");
        int? cuda = options.GpuDeviceId ?? CatalogEnvironment.GpuDeviceId(host);
        if (network.Move(cuda) is string whyNot)
        {
            string missing = $"The CUDA device {cuda} is asked for and cannot be had ({whyNot}).";
            if (!options.FallbackToCpu)
            {
                throw new InvalidOperationException($"{missing} Reference the package Microsoft.ML.OnnxRuntime.Gpu in the place of Microsoft.ML.OnnxRuntime, or set {nameof(AbsCamOptions)}.{nameof(AbsCamOptions.FallbackToCpu)}.");
            }

            channel.Warning($"{missing} The CPU is used.");
            network.Move(null);
        }

        foreach (string finding in BakedFit.Findings(network, options))
        {
            channel.Info(finding);
        }

        return new BakedExplainer(network, network.Plan, network.Explain);
    }
}
