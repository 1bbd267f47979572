using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Tests.Support;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.RandomNetworks;

/// <summary>Maps of a drawn network as their formulas read, by TorchSharp's own gradients in double precision.</summary>
internal sealed class ExpectedMaps
{
    private const double NormEpsilon = 1e-8;
    private const double FlatRange = 1e-12;

    private readonly RandomNetwork _drawn;
    private readonly Tensor _images;
    private readonly Tensor _activation;
    private readonly Tensor _weights;
    private readonly Tensor _means;

    /// <param name="drawn">The network.</param>
    /// <param name="images">[B,C,H,W], doubles.</param>
    public ExpectedMaps(RandomNetwork drawn, Tensor images)
    {
        _drawn = drawn;
        _images = images.detach().requires_grad_();
        TwinRun run = drawn.Net.Run(_images);
        Tensor logits = run[drawn.Logits];
        Scores = logits.detach();
        Probabilities = ProbabilitiesOf(Scores);
        Targets = Scores.argmax(1);
        Tensor gradient = autograd.grad([logits.gather(1, Targets.unsqueeze(1)).sum()], [run[drawn.Layer]])[0];
        _activation = run[drawn.Layer].detach();
        _weights = gradient.abs().mean([2, 3]);
        _means = gradient.mean([2, 3]);
    }

    /// <summary>The scores before any softmax or sigmoid [B,classes].</summary>
    public Tensor Scores { get; }

    public Tensor Probabilities { get; }

    /// <summary>The class with the highest score of each image.</summary>
    public Tensor Targets { get; }

    public long[] LayerShape => _activation.shape;

    public ExpectedMap[] AbsCamInitial() => Weighted(_weights);

    public ExpectedMap[] GradCam() => Weighted(_means);

    /// <summary>norm(relu(sum of p_k up(w_k A_k))), p_k the probability of the image times norm(up(w_k A_k)).</summary>
    public ExpectedMap[] AbsCam()
    {
        using IDisposable noGrad = no_grad();
        return [.. Enumerable.Range(0, (int)_images.shape[0]).Select(row =>
        {
            Tensor maps = Up(_weights[row].reshape(-1, 1, 1).mul(_activation[row]).unsqueeze(1));
            Tensor range = maps.amax([2, 3], keepdim: true).sub(maps.amin([2, 3], keepdim: true));
            Tensor masks = maps.sub(maps.amin([2, 3], keepdim: true)).div(range.Plus(NormEpsilon));
            Tensor masked = _images[row].unsqueeze(0).mul(masks);
            Tensor probabilities = ProbabilitiesOf(_drawn.Net.Run(masked)[_drawn.Logits]).index_select(1, Targets[row].reshape(1)).reshape(-1, 1, 1, 1);
            Tensor counts = range.gt(HeldScalar.Of(FlatRange)).to(ScalarType.Float64);
            return Of(probabilities.mul(maps).mul(counts).sum([0]).relu(), maps.abs().sum([0]));
        })];
    }

    private ExpectedMap[] Weighted(Tensor weights)
    {
        Tensor parts = weights.unsqueeze(2).unsqueeze(3).mul(_activation);
        Tensor sums = Up(parts.sum([1], keepdim: true).relu());
        Tensor sizes = parts.abs().sum([1], keepdim: true);
        return [.. Enumerable.Range(0, (int)sums.shape[0]).Select(row => Of(sums[row], sizes[row]))];
    }

    private Tensor Up(Tensor maps) => nn.functional.interpolate(maps, [_images.shape[2], _images.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false);

    private static ExpectedMap Of(Tensor raw, Tensor parts)
    {
        double least = raw.min().item<double>();
        double range = raw.max().item<double>() - least;
        Tensor normal = raw.sub(HeldScalar.Of(least)).mul(HeldScalar.Of(1 / (range + NormEpsilon)));
        return new ExpectedMap(Close.Floats(normal), range, parts.max().item<double>());
    }

    private Tensor ProbabilitiesOf(Tensor scores) => _drawn.IsSigmoid ? scores.sigmoid() : scores.softmax(1);
}
