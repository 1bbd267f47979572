using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Naming;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>
/// Integrated gradients (Sundararajan et al., ICML 2017, equation 1) at the input: (X - X') times the mean of the logit's gradient on the straight
/// way from a baseline X' to the image, summed over the channels of a pixel.
/// </summary>
/// <remarks>
/// The integral is the midpoint rule. Attributions of all pixels add up to y(X) - y(X'), up to what the rule leaves. They are of single pixels, neighbours
/// often of opposite signs, so a Gaussian blur adds them up to what can be seen.
/// </remarks>
internal sealed class IntegratedGradients : SaliencyMethod
{
    public const string Family = "integrated-gradients";
    public const int DefaultSteps = 64;

    public const double DefaultBlur = 0.02;

    // Sigmas to either side.
    private const double Reach = 3;

    private readonly int _steps;
    private readonly double _baseline;
    private readonly double _blur;

    /// <param name="steps">Points on the way.</param>
    /// <param name="baseline">The number that fills the baseline image, in the network's input.</param>
    /// <param name="blur">The sigma of the blur, as a share of the image's shorter side; 0 for none.</param>
    public IntegratedGradients(int steps = DefaultSteps, double baseline = 0, double blur = DefaultBlur)
        : base(MethodName.Write(Family, ("steps", steps, DefaultSteps), ("baseline", baseline, 0.0), ("blur", blur, DefaultBlur)))
    {
        MethodNumber.Check(steps, 1, 10_000, "steps of integrated gradients");
        MethodNumber.Check(baseline, float.MinValue, float.MaxValue, "number that fills the baseline of integrated gradients");
        MethodNumber.Check(blur, 0, 1, "blur of integrated gradients, a share of the image's shorter side");
        (_steps, _baseline, _blur) = (steps, baseline, blur);
    }

    internal override MethodNeeds Needs => MethodNeeds.InputGradient;

    public override bool Equals(object? obj) => obj is IntegratedGradients other && other.Name == Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>What each number of the images counts for, [B,C,H,W] a target.</summary>
    /// <param name="images">[B,C,H,W].</param>
    /// <param name="gradients">From images [B,C,H,W] to the gradients of the targets' logits there, [B,C,H,W] a target.</param>
    public Tensor[] Attributions(Tensor images, Func<Tensor, IReadOnlyList<Tensor>> gradients)
    {
        Tensor way = images.sub(HeldScalar.Of(_baseline));
        Tensor[]? sums = null;
        for (int step = 0; step < _steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            IReadOnlyList<Tensor> here = gradients(way.mul(HeldScalar.Of((step + 0.5) / _steps)).Plus(_baseline));
            sums ??= [.. here.Select(gradient => zeros_like(gradient).MoveToOuterDisposeScope())];
            for (int target = 0; target < sums.Length; target++)
            {
                sums[target].PlusInPlace(here[target]);
            }
        }

        return [.. sums!.Select(sum => sum.div_(HeldScalar.Of(_steps)).mul_(way))];
    }

    private Tensor Blurred(Tensor maps)
    {
        double sigma = _blur * Math.Min(maps.shape[2], maps.shape[3]);
        return sigma == 0 ? maps : GaussianBlur.Of(maps, (2 * (int)Math.Ceiling(Reach * sigma)) + 1, sigma);
    }

    internal override LayerMaps Run(MethodContext context)
    {
        Tensor[] attributions = Attributions(context.Input.to(ScalarType.Float32), context.GradientsAt);
        return new LayerMaps(Blurred(stack(attributions.Select(attribution => attribution.sum(1)), 1)).relu_(), null);
    }
}
