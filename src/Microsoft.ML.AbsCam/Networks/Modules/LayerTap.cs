using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>Takes a layer's output out of a forward pass and lets the graph begin there.</summary>
/// <remarks>
/// The hook is registered once: TorchSharp enumerates hooks in a plain dictionary while it runs. It does nothing but for
/// the thread that opened a capture, so the module's owner may go on using it.
/// </remarks>
internal sealed class LayerTap : IDisposable
{
    private readonly ThreadLocal<Capture?> _open = new();
    private readonly nn.Module<Tensor, Tensor>.HookRemover _hook;

    public LayerTap(nn.Module layer)
    {
        if (layer is not nn.Module<Tensor, Tensor> hookable)
        {
            throw new ArgumentException($"The layer '{layer.GetName()}' is not a Module<Tensor, Tensor>, so its output cannot be tapped. Name a layer with one input and one output.", nameof(layer));
        }

        _hook = hookable.register_forward_hook((_, _, output) => _open.Value?.Take(output)!);
    }

    /// <param name="scope">What the taken tensor lives in; modules with scopes of their own would dispose it.</param>
    /// <param name="withGraph">Whether the graph begins at the layer, or there is none.</param>
    public Capture Open(DisposeScope scope, bool withGraph) => Open(new Capture(this, scope, withGraph, null));

    /// <param name="replacement">What the layer gives instead of its own output.</param>
    /// <param name="call">At which of its calls in a pass, counted from 1.</param>
    public Capture Replace(Tensor replacement, int call) => Open(new Capture(this, null, false, (replacement, call)));

    public void Dispose()
    {
        _hook.remove();
        _open.Dispose();
    }

    private Capture Open(Capture capture)
    {
        _open.Value = capture;
        return capture;
    }

    internal sealed class Capture(LayerTap tap, DisposeScope? callersScope, bool withGraph, (Tensor Value, int Call)? replacement) : IDisposable
    {
        public Tensor? Taken { get; private set; }

        /// <summary>How often the pass called the layer.</summary>
        public int Calls { get; private set; }

        public void Dispose() => tap._open.Value = null;

        /// <summary>
        /// Keeps a leaf for the gradient and passes a clone on. The clone keeps the leaf whole when the next module works
        /// in place; the caller's scope keeps it alive when the module disposes its own intermediates.
        /// </summary>
        public Tensor? Take(Tensor output)
        {
            Calls++;
            if (replacement is { } other)
            {
                return Calls == other.Call ? other.Value.to(output.dtype, copy: true) : null;
            }

            Taken = output.detach().requires_grad_(withGraph);
            callersScope?.Attach(Taken);
            return Taken.clone();
        }
    }
}
