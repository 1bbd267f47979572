using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>ResNet-20 for CIFAR-10 as one writes it in TorchSharp; batch normalisation is folded into the convolutions, as in the ONNX file.</summary>
internal sealed class ResNet20 : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d _conv1;
    private readonly Sequential _layer1;
    private readonly Sequential _layer2;
    private readonly Sequential _layer3;
    private readonly Linear _linear;

    public ResNet20()
        : base(nameof(ResNet20))
    {
        _conv1 = nn.Conv2d(3, 16, 3, padding: 1);
        _layer1 = Blocks(16, 16);
        _layer2 = Blocks(16, 32);
        _layer3 = Blocks(32, 64);
        _linear = nn.Linear(64, 10);
        register_module("conv1", _conv1);
        register_module("layer1", _layer1);
        register_module("layer2", _layer2);
        register_module("layer3", _layer3);
        register_module("linear", _linear);
    }

    public static ResNet20 FromOnnx(string file)
    {
        var module = new ResNet20();
        OnnxWeights.CopyInto(file, [
            (module._conv1.weight, module._conv1.bias!),
            .. new[] { module._layer1, module._layer2, module._layer3 }.SelectMany(layer => layer.children()).Cast<Block>().SelectMany(block => block.Weights),
            (module._linear.weight, module._linear.bias!)]);
        return module;
    }

    public override Tensor forward(Tensor input)
    {
        Tensor features = _layer3.call(_layer2.call(_layer1.call(nn.functional.relu(_conv1.call(input)))));
        return _linear.call(features.mean([2, 3]));
    }

    private static Sequential Blocks(int from, int to)
        => nn.Sequential(("0", new Block(from, to)), ("1", new Block(to, to)), ("2", new Block(to, to)));

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d _conv1;
        private readonly Conv2d _conv2;
        private readonly ReLU _relu;
        private readonly int _widened;

        public Block(int from, int to)
            : base(nameof(Block))
        {
            _widened = to - from;
            _conv1 = nn.Conv2d(from, to, 3, stride: _widened > 0 ? 2 : 1, padding: 1);
            _conv2 = nn.Conv2d(to, to, 3, padding: 1);
            _relu = nn.ReLU(inplace: true);
            register_module("conv1", _conv1);
            register_module("conv2", _conv2);
            register_module("relu", _relu);
        }

        public (Tensor Weight, Tensor Bias)[] Weights => [(_conv1.weight, _conv1.bias!), (_conv2.weight, _conv2.bias!)];

        public override Tensor forward(Tensor input)
        {
            Tensor shortcut = _widened == 0
                ? input
                : nn.functional.pad(input[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)], [0, 0, 0, 0, _widened / 2, _widened / 2]);
            return _relu.call(_conv2.call(_relu.call(_conv1.call(input))) + shortcut);
        }
    }
}
