using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>The <see cref="TinyNetwork"/> as a TorchSharp module that notes what goes through it.</summary>
internal class TinyModule : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _conv;
    private readonly ReLU _relu;
    private readonly AdaptiveAvgPool2d _pool;
    private readonly Linear _fc;

    public TinyModule(bool inPlace = false)
        : base(nameof(TinyModule))
    {
        _conv = nn.Conv2d(3, TinyNetwork.Channels, 3, stride: 2, padding: 1);
        _relu = nn.ReLU(inPlace);
        _pool = nn.AdaptiveAvgPool2d([1, 1]);
        _fc = nn.Linear(TinyNetwork.Channels, TinyNetwork.Classes, hasBias: false);
        register_module("conv", _conv);
        register_module("relu", _relu);
        register_module("pool", _pool);
        register_module("fc", _fc);
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _conv.weight.copy_(tensor(TinyNetwork.Rectified.Kernels, [TinyNetwork.Channels, 3, 3, 3]));
        _conv.bias!.copy_(tensor(TinyNetwork.Rectified.Bias));
        _fc.weight.copy_((tensor(TinyNetwork.Rectified.Weights, [TinyNetwork.Channels, TinyNetwork.Classes]) * TinyNetwork.Sharpness).t());
    }

    /// <summary>How many images each pass held.</summary>
    public List<long> Passes { get; } = [];

    /// <summary>Called with the input of each pass; may throw.</summary>
    public Action<Tensor>? BeforePass { get; set; }

    public ImageNetwork Open(string layer = "relu", string? architecture = null) => ImageNetwork.FromModule(this, layer, TinyNetwork.Side, TinyNetwork.Side, architecture: architecture);

    public override Tensor forward(Tensor input)
    {
        lock (Passes)
        {
            Passes.Add(input.shape[0]);
        }

        BeforePass?.Invoke(input);
        return Classify(Features(input));
    }

    protected virtual Tensor Features(Tensor input) => _relu.call(_conv.call(input));

    public Tensor Classify(Tensor features) => _fc.call(_pool.call(features).flatten(1));
}
