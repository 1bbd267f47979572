using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Saliency.Naming;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>The mean of another method's normalised maps over noisy (SmoothGrad, Smilkov et al., arXiv 1706.03825) and mirrored copies of the image.</summary>
/// <remarks>The noise depends on the seed, the copy and the pixel alone: an image gets the same in every batch.</remarks>
internal sealed class SmoothedMethod : SaliencyMethod
{
    public const string Family = "smooth";
    public const int DefaultSamples = 16;
    public const double DefaultNoise = 0.1;

    private readonly SaliencyMethod _inner;
    private readonly int _samples;
    private readonly double _noise;
    private readonly bool _flips;
    private readonly SeededNumbers _numbers;

    public SmoothedMethod(SaliencyMethod inner, int samples = DefaultSamples, double noise = DefaultNoise, bool flips = true, int seed = 0)
        : base(MethodName.Write($"{Family}({inner.Name})", ("samples", samples, DefaultSamples), ("noise", noise, DefaultNoise), ("flips", flips, true), ("seed", seed, 0)))
    {
        if (inner is SmoothedMethod)
        {
            throw new ArgumentException($"The method '{inner.Name}' is smoothed already. Smooth a plain method, with more samples.", nameof(inner));
        }

        MethodNumber.Check(samples, 1, 10_000, "copies of a smoothed method");
        MethodNumber.Check(noise, 0, 1, "noise of a smoothed method, a share of the input's range");
        (_inner, _samples, _noise, _flips, _numbers) = (inner, samples, noise, flips, new SeededNumbers((ulong)seed));
    }

    internal override bool NeedsProbability => _inner.NeedsProbability;

    internal override bool StopsEarly => _inner.StopsEarly;

    internal override bool NeedsLogit => _inner.NeedsLogit;

    internal override bool AssumesPositive => _inner.AssumesPositive;

    internal override bool NeedsCurvature => _inner.NeedsCurvature;

    internal override MethodNeeds Needs => _inner.Needs;

    internal override bool SharesWeights => _inner.WeighsChannels;

    internal override bool Mirrors => _flips && _samples > 1;

    public override bool Equals(object? obj) => obj is SmoothedMethod other && other.Name == Name && other._inner.Equals(_inner);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    internal override FeatureLayer[] UsualLayers(ImageNetwork network) => _inner.UsualLayers(network);

    internal override LayerMaps Run(MethodContext context)
    {
        Tensor? sum = null;
        Tensor? fault = null;
        for (int sample = 0; sample < _samples; sample++)
        {
            using var scope = NewDisposeScope();
            bool isMirrored = _flips && sample % 2 == 1;
            Tensor copy = Noisy(context.Input, sample);
            LayerMaps maps = _inner.Run(context.For(isMirrored ? copy.flip(3) : copy));
            fault = maps.Fault is null ? null : (fault?.minimum(maps.Fault) ?? maps.Fault).MoveToOuterDisposeScope();
            Tensor map = maps.NormalizedOrZero();
            map = (isMirrored ? map.flip(3) : map).div_(HeldScalar.Of(_samples));
            sum = sum is null ? map.MoveToOuterDisposeScope() : sum.PlusInPlace(map);
        }

        return new LayerMaps(sum!, null, fault);
    }

    private Tensor Noisy(Tensor input, int sample)
    {
        if (_noise == 0)
        {
            return input;
        }

        float[] noise = new float[input.shape[1] * input.shape[2] * input.shape[3]];
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = (float)_numbers.Gaussian(((long)sample * noise.Length) + i);
        }

        Tensor sigma = (input.amax([1, 2, 3], keepdim: true) - input.amin([1, 2, 3], keepdim: true)).mul_(HeldScalar.Of(_noise));
        return input.Plus(TensorData.FromFloats(noise, input.shape.AsSpan(1)).to(input.device) * sigma);
    }
}
