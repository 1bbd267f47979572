using System.Collections.Concurrent;
using Microsoft.ML.AbsCam.Networks.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// The TorchSharp architectures that saved pipelines may ask for by name.
/// </summary>
/// <remarks>
/// A saved pipeline carries a module's weights and the name of its architecture, never code. Before it is loaded, the
/// program says here what that name means. A file can thus choose among what the program offers, and nothing else.
/// </remarks>
public static class NetworkArchitectures
{
    private static readonly ConcurrentDictionary<string, Func<ScoringModule>> Factories = new(StringComparer.Ordinal);

    /// <summary>Says how to make an untrained module of this architecture; a later call with the same name takes the earlier one's place.</summary>
    /// <param name="name">The name given to <see cref="ImageNetwork"/> when the pipeline was made.</param>
    /// <param name="factory">Makes a new module. The network that asked for it owns it and disposes it.</param>
    public static void Register(string name, Func<nn.Module<Tensor, Tensor>> factory)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(factory);
        Factories[name] = () => ScoringModule.Of(factory());
    }

    /// <summary>Says how to make an untrained module whose forward pass gives more than class scores.</summary>
    /// <param name="name">The name given to <see cref="ImageNetwork"/> when the pipeline was made.</param>
    /// <param name="factory">Makes a new module. The network that asked for it owns it and disposes it.</param>
    /// <param name="scores">Picks the class scores out of what the module gives.</param>
    /// <typeparam name="TOutput">What the module gives.</typeparam>
    public static void Register<TOutput>(string name, Func<nn.Module<Tensor, TOutput>> factory, Func<TOutput, Tensor> scores)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(scores);
        Factories[name] = () => ScoringModule.Of(factory(), scores);
    }

    internal static ScoringModule Make(string name)
    {
        if (!Factories.TryGetValue(name, out Func<ScoringModule>? factory))
        {
            throw new NetworkLoadException(
                $"The model holds weights of the TorchSharp architecture '{name}', and this program has not said how to make one. " +
                $"Call {nameof(NetworkArchitectures)}.{nameof(Register)}(\"{name}\", () => new …) before loading the model.");
        }

        try
        {
            return factory();
        }
        catch (ArgumentNullException e)
        {
            throw new NetworkLoadException($"The factory registered for the TorchSharp architecture '{name}' returned null.", e);
        }
    }
}
