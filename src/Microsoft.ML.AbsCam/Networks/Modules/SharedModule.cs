using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>What all networks around one module have in common: whose turn it is, and whether its weights are still the same.</summary>
/// <remarks>
/// A pass sets the module's modes and flags and puts them back. With a turn for each network instead of each module, one would put
/// dropout back on in the middle of another's pass.
/// </remarks>
internal sealed class SharedModule
{
    private static readonly ConditionalWeakTable<nn.Module, SharedModule> Modules = [];

    /// <summary>What passes through the module take.</summary>
    public Lock Turn { get; } = new();

    /// <summary>How often weights were drawn anew or put back. Read and counted up by whoever has the turn.</summary>
    public long Changes { get; set; }

    public static SharedModule Of(nn.Module module) => Modules.GetValue(module, static _ => new SharedModule());
}
