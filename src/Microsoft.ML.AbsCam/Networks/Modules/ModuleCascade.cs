using Microsoft.ML.AbsCam.Networks.Cascade;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>Draws a module's parameters anew in place, and puts back every bit afterwards.</summary>
/// <remarks>
/// The module is its caller's, and there is no second one. From drawing to putting back, passes of other threads through the module's
/// networks wait; the module's own users are not known here and must not run it meanwhile.
/// </remarks>
internal sealed class ModuleCascade : WeightCascade
{
    private readonly ImageNetwork _network;
    private readonly SharedModule _shared;
    private readonly List<LayerWeights> _layers = [];

    /// <param name="network">The network around the module.</param>
    /// <param name="module">The module; its layers compute in the order in which they were registered.</param>
    /// <param name="shared">Whose turn it is.</param>
    public ModuleCascade(ImageNetwork network, nn.Module module, SharedModule shared)
    {
        (_network, _shared) = (network, shared);
        HashSet<Tensor> taken = new(ReferenceEqualityComparer.Instance);
        List<(Tensor, float)> norms = [];
        foreach ((string path, nn.Module layer) in module.named_modules().Prepend((module.GetName(), module)).Reverse())
        {
            (string Name, Tensor Value)[] own = [.. layer.named_parameters(recurse: false).Select(pair => (pair.name, (Tensor)pair.parameter)).Where(pair => pair.Item2.is_floating_point() && taken.Add(pair.Item2))];
            if (layer is NormBase or LayerNorm or GroupNorm)
            {
                norms.AddRange(own.Select(pair => (pair.Value, pair.Name == "bias" ? 0f : 1f)));
            }
            else if (own.Length > 0)
            {
                _layers.Add(new LayerWeights(path, [.. own.Select(pair => pair.Value)], norms));
                norms = [];
            }
        }

        if (_layers.Count > 0)
        {
            _layers[^1].Reset.AddRange(norms);
        }

        Layers = [.. _layers.Select(layer => layer.Name)];
    }

    public override IReadOnlyList<string> Layers { get; }

    public override RandomisedNetwork Randomise(int layers, int seed)
    {
        _shared.Turn.Enter();
        _shared.Changes++;
        List<(Tensor Parameter, Tensor Trained)> trained = [];
        try
        {
            Draw(layers, seed, trained);
        }
        catch
        {
            PutBack(trained);
            throw;
        }

        return new RandomisedNetwork(_network, () => PutBack(trained));
    }

    private void Draw(int layers, int seed, List<(Tensor Parameter, Tensor Trained)> trained)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        int stream = 0;
        foreach (LayerWeights layer in _layers.Take(layers))
        {
            foreach (Tensor parameter in layer.Drawn)
            {
                Keep(parameter, trained);
                float[] values = parameter.ToFloats();
                new NormalNumbers(seed, stream++).Replace(values);
                parameter.copy_(TensorData.FromFloats(values, parameter.shape));
            }

            foreach ((Tensor parameter, float value) in layer.Reset)
            {
                Keep(parameter, trained);
                parameter.fill_(HeldScalar.Of(value));
            }
        }
    }

    private static void Keep(Tensor parameter, List<(Tensor Parameter, Tensor Trained)> trained)
        => trained.Add((parameter, parameter.detach().clone().DetachFromDisposeScope()));

    private void PutBack(List<(Tensor Parameter, Tensor Trained)> trained)
    {
        using IDisposable noGrad = no_grad();
        try
        {
            foreach ((Tensor parameter, Tensor value) in trained)
            {
                parameter.copy_(value);
                value.Dispose();
            }
        }
        finally
        {
            _shared.Changes++;
            _shared.Turn.Exit();
        }
    }

    private sealed record LayerWeights(string Name, IReadOnlyList<Tensor> Drawn, List<(Tensor Parameter, float Value)> Reset);
}
