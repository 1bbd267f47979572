using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.AbsCam.Demo.Training.Networks;

/// <summary>Convolution, batch norm, ReLU; a residual unit adds its input before the ReLU.</summary>
internal sealed class ConvolutionUnit : Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Conv2d _convolution;
    private readonly TorchSharp.Modules.BatchNorm2d _norm;

    public ConvolutionUnit(string name, int channelsIn, int channelsOut, int kernel, int stride, bool residual)
        : base(name)
    {
        (Kernel, Stride, Residual) = (kernel, stride, residual);
        _convolution = Conv2d(channelsIn, channelsOut, kernel, stride, padding: Padding, bias: false);
        _norm = BatchNorm2d(channelsOut);
        init.kaiming_normal_(_convolution.weight!, nonlinearity: init.NonlinearityType.ReLU);
        RegisterComponents();
    }

    public int Kernel { get; }

    public int Stride { get; }

    public bool Residual { get; }

    public int Padding => (Kernel - Stride) / 2;

    public override Tensor forward(Tensor input)
    {
        var sum = _norm.call(_convolution.call(input));
        return functional.relu(Residual ? sum + input : sum);
    }

    /// <summary>Weight and bias of one convolution that does what convolution and batch norm do in inference.</summary>
    public (Tensor Weight, Tensor Bias) Fold()
    {
        using var _ = no_grad();
        var scale = _norm.weight! / (_norm.running_var! + _norm.eps).sqrt();
        return (_convolution.weight! * scale.reshape(-1, 1, 1, 1), _norm.bias! - (_norm.running_mean! * scale));
    }
}
