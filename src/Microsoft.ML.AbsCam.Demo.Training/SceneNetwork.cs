using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Demo.Training;

/// <summary>Six convolutions from 112 × 112 down to 14 × 14 maps, global average pooling, one linear layer.</summary>
internal sealed class SceneNetwork : Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Dropout _dropout = Dropout(0.1);

    public SceneNetwork(int classes)
        : base("scenes")
    {
        // Strided kernels are even: an odd one sits on the first pixel of its pair, three of them shift the maps by
        // three and a half pixels against the picture, and every saliency map with them.
        Units =
        [
            new("features.0", 3, 16, kernel: 6, stride: 2, residual: false),
            new("features.1", 16, 32, kernel: 4, stride: 2, residual: false),
            new("features.2", 32, 32, kernel: 3, stride: 1, residual: true),
            new("features.3", 32, 64, kernel: 4, stride: 2, residual: false),
            new("features.4", 64, 64, kernel: 3, stride: 1, residual: true),
            new("features.5", 64, 96, kernel: 3, stride: 1, residual: false),
        ];
        foreach (var unit in Units)
        {
            register_module(unit.GetName().Replace('.', '_'), unit);
        }

        Classifier = Linear(96, classes);
        RegisterComponents();
    }

    public ConvolutionUnit[] Units { get; }

    public TorchSharp.Modules.Linear Classifier { get; }

    public Tensor Features(Tensor input) => Units.Aggregate(input, (value, unit) => unit.call(value));

    public override Tensor forward(Tensor input) => Classifier.call(_dropout.call(Features(input).mean([2, 3])));
}
