using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>Puts a module into evaluation mode with frozen parameters, and back into what it was on disposal.</summary>
internal readonly struct QuietModule : IDisposable
{
    private readonly List<(nn.Module Module, bool Training)>? _modes;
    private readonly List<Tensor> _trained;

    public QuietModule(nn.Module module)
    {
        _trained = [.. module.parameters().Where(parameter => parameter.requires_grad)];
        _modes = module.training || module.named_modules().Any(child => child.module.training)
            ? [(module, module.training), .. module.named_modules().Select(child => (child.module, child.module.training))]
            : null;
        foreach (Tensor parameter in _trained)
        {
            parameter.requires_grad_(false);
        }

        if (_modes is not null)
        {
            module.eval();
        }
    }

    public void Dispose()
    {
        // Parents come first and set all below them; each child then sets its own again.
        foreach ((nn.Module module, bool training) in _modes ?? [])
        {
            module.train(training);
        }

        foreach (Tensor parameter in _trained)
        {
            parameter.requires_grad_(true);
        }
    }
}
