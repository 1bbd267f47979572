using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>SqueezeNet 1.0 as one writes it in TorchSharp: nested Sequentials, and in-place activations behind every convolution.</summary>
internal sealed class SqueezeNet : nn.Module<Tensor, Tensor>
{
    private readonly Sequential _features;
    private readonly Sequential _classifier;

    public SqueezeNet()
        : base(nameof(SqueezeNet))
    {
        static nn.Module<Tensor, Tensor> pool() => nn.MaxPool2d(3, stride: 2, ceil_mode: true);
        nn.Module<Tensor, Tensor>[] layers = [
            nn.Conv2d(3, 96, 7, stride: 2), nn.ReLU(inplace: true), pool(),
            new Fire(96, 16, 64), new Fire(128, 16, 64), new Fire(128, 32, 128), pool(),
            new Fire(256, 32, 128), new Fire(256, 48, 192), new Fire(384, 48, 192), new Fire(384, 64, 256), pool(),
            new Fire(512, 64, 256)];
        _features = nn.Sequential(layers);
        _classifier = nn.Sequential(nn.Dropout(), nn.Conv2d(512, 1000, 1, padding: 1), nn.ReLU(inplace: true), nn.AdaptiveAvgPool2d([1, 1]));
        register_module("features", _features);
        register_module("classifier", _classifier);
    }

    public static SqueezeNet FromOnnx(string file)
    {
        var module = new SqueezeNet();
        IEnumerable<Conv2d> convolutions = module._features.children().Concat(module._classifier.children())
            .SelectMany(child => child is Fire fire ? fire.Convolutions : child is Conv2d convolution ? [convolution] : []);
        OnnxWeights.CopyInto(file, [.. convolutions.Select(convolution => ((Tensor)convolution.weight, (Tensor)convolution.bias!))]);
        return module;
    }

    public override Tensor forward(Tensor input) => _classifier.call(_features.call(input)).flatten(1);

    private sealed class Fire : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _squeeze;
        private readonly Conv2d _expand1;
        private readonly Conv2d _expand3;

        public Fire(int from, int squeezed, int expanded)
            : base(nameof(Fire))
        {
            _squeeze = nn.Conv2d(from, squeezed, 1);
            _expand1 = nn.Conv2d(squeezed, expanded, 1);
            _expand3 = nn.Conv2d(squeezed, expanded, 3, padding: 1);
            register_module("squeeze", _squeeze);
            register_module("expand1", _expand1);
            register_module("expand3", _expand3);
        }

        public Conv2d[] Convolutions => [_squeeze, _expand1, _expand3];

        public override Tensor forward(Tensor input)
        {
            Tensor squeezed = _squeeze.call(input).relu_();
            return cat([_expand1.call(squeezed).relu_(), _expand3.call(squeezed).relu_()], 1);
        }
    }
}
