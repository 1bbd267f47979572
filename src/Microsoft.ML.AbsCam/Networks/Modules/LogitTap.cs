using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>Sees what the modules inside a module give, to find the logits before a softmax or sigmoid and to take them out of a pass.</summary>
/// <remarks>
/// As with <see cref="LayerTap"/>, hooks are registered once and do nothing but for the thread that opened a capture. Which value holds the
/// logits is found by its numbers alone, so it does not matter whether the softmax is a module or a function.
/// </remarks>
internal sealed class LogitTap : IDisposable
{
    private readonly ThreadLocal<Capture?> _open = new();
    private readonly List<nn.Module<Tensor, Tensor>.HookRemover> _hooks = [];
    private readonly List<(string Name, nn.Module Module)> _modules = [];

    public LogitTap(nn.Module root)
    {
        var seen = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        foreach ((string name, nn.Module module) in root.named_modules().Append((root.GetName(), root)))
        {
            if (module is nn.Module<Tensor, Tensor> hookable && seen.Add(module))
            {
                int place = _modules.Count;
                _modules.Add((name, module));
                _hooks.Add(hookable.register_forward_hook((_, _, output) =>
                {
                    _open.Value?.See(place, output);
                    return null!;
                }));
            }
        }
    }

    /// <summary>A capture of all values with so many numbers a row; see <see cref="Capture.Seen"/>.</summary>
    public Capture Search(int classes) => Open(new Capture(this, classes, null, null));

    /// <summary>A capture of what one call of one module gives.</summary>
    /// <param name="place">Which.</param>
    /// <param name="scope">What the value lives in.</param>
    public Capture Take(Place place, DisposeScope scope) => Open(new Capture(this, 0, place, scope));

    public string NameOf(Place place) => _modules[place.Module].Name;

    /// <summary>Whether a layer with weights gives the value, so that nothing makes probabilities of it.</summary>
    public bool IsLinear(Place place) => _modules[place.Module].Module is Linear or Conv2d;

    public void Dispose()
    {
        foreach (nn.Module<Tensor, Tensor>.HookRemover hook in _hooks)
        {
            hook.remove();
        }

        _open.Dispose();
    }

    private Capture Open(Capture capture)
    {
        _open.Value = capture;
        return capture;
    }

    /// <param name="Module">Which module, in the order of <see cref="LogitTap"/>.</param>
    /// <param name="Call">Which of its calls in a pass, from 0.</param>
    internal readonly record struct Place(int Module, int Call);

    internal sealed class Capture(LogitTap tap, int classes, Place? wanted, DisposeScope? scope) : IDisposable
    {
        private readonly Dictionary<int, int> _calls = [];

        /// <summary>The values of a search, in the order in which the pass gave them.</summary>
        public List<(Place Place, float[] Values)> Seen { get; } = [];

        /// <summary>The value that was asked for; null where the pass did not come by.</summary>
        public Tensor? Taken { get; private set; }

        public void Dispose() => tap._open.Value = null;

        public void See(int module, Tensor output)
        {
            int call = _calls.GetValueOrDefault(module);
            _calls[module] = call + 1;
            var place = new Place(module, call);
            if (wanted is null)
            {
                if (output.dim() > 0 && output.numel() == output.shape[0] * classes && output.is_floating_point())
                {
                    Seen.Add((place, output.detach().AsFloat().ToFloats()));
                }
            }
            else if (place == wanted)
            {
                Taken = output.alias();
                scope!.Attach(Taken);
            }
        }
    }
}
