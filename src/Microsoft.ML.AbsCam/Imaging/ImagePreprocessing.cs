using System.Collections.ObjectModel;
using System.Globalization;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// What a network expects of its input: size, way of resizing, normalisation and colour order. A pixel of value v (0 to 255)
/// becomes <c>(v * Scale - Mean[c]) / Std[c]</c> in plane c. <see cref="AbsCamOptions.PreprocessingFor"/> says what a network gets by default. Immutable; vary a preset with <c>with { … }</c>.
/// </summary>
/// <remarks>
/// Photos are resized with the antialiased bilinear filter that networks are trained with: a triangle whose support grows
/// with the reduction, as in PIL and in torchvision with <c>antialias=True</c>. Transparent pixels are laid over white, as a
/// browser shows them.
/// </remarks>
public sealed record ImagePreprocessing
{
    private const int LargestSide = 16384;
    private const int SmallestPhotographicSide = 128;

    private static readonly ReadOnlyCollection<float> UsualMean = Copy([0.485f, 0.456f, 0.406f]);
    private static readonly ReadOnlyCollection<float> UsualStd = Copy([0.229f, 0.224f, 0.225f]);

    private readonly ReadOnlyCollection<float>? _mean;
    private readonly ReadOnlyCollection<float>? _std;

    /// <summary>The network's input width in pixels, 1 to 16384. Default: 224.</summary>
    public int Width { get; init; } = 224;

    /// <summary>The network's input height in pixels, 1 to 16384. Default: 224.</summary>
    public int Height { get; init; } = 224;

    /// <summary>How a photo is brought to that size. Default: <see cref="ResizeRule.CenterCrop"/>.</summary>
    public ResizeRule Resize { get; init; } = ResizeRule.CenterCrop;

    /// <summary>
    /// The length in pixels of the resized photo's shorter side before the centre is cut out; at least the shorter of
    /// <see cref="Width"/> and <see cref="Height"/>, at most 16384. Other rules than <see cref="ResizeRule.CenterCrop"/> ignore it.
    /// Default: null, which means 256/224 of the input's shorter side where that is 128 or more, and the side itself below.
    /// </summary>
    public int? ResizeTo { get; init; }

    /// <summary>
    /// What is subtracted from each plane: three values, one for <see cref="ColorOrder.Gray"/>, in the unit that <see cref="Scale"/> gives, in the
    /// order of <see cref="ColorOrder"/>. Default: ImageNet's .485 for red, .456 for green, .406 for blue, and their luma, .459, for grey.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IReadOnlyList<float> Mean
    {
        get => _mean ?? Usual(UsualMean, 0.459f);
        init => _mean = Copy(value);
    }

    /// <summary>
    /// What each plane is divided by: three positive values, one for <see cref="ColorOrder.Gray"/>, in the unit that <see cref="Scale"/> gives, in
    /// the order of <see cref="ColorOrder"/>. Default: ImageNet's .229 for red, .224 for green, .225 for blue, and .226 for grey.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IReadOnlyList<float> Std
    {
        get => _std ?? Usual(UsualStd, 0.226f);
        init => _std = Copy(value);
    }

    /// <summary>The colour planes and their order, or grey. Default: <see cref="ColorOrder.Rgb"/>.</summary>
    public ColorOrder ColorOrder { get; init; } = ColorOrder.Rgb;

    /// <summary>What a pixel's value (0 to 255) is multiplied by before the mean is subtracted; positive. Default: 1/255, so that pixels lie in [0, 1].</summary>
    public float Scale { get; init; } = 1 / 255f;

    /// <summary>ImageNet classifiers as torchvision evaluates them: shorter side to 256, centre 224 x 224, mean .485 .456 .406, std .229 .224 .225, RGB.</summary>
    public static ImagePreprocessing ImageNet { get; } = new();

    /// <summary>
    /// Inception v3 as it was first published: shorter side to 342, centre 299 x 299, mean and std .5 (pixels in [-1, 1]), RGB.
    /// torchvision's own weights change ImageNet's normalisation into this one inside the network: for an export of those,
    /// take <see cref="For"/> with 299 and 299.
    /// </summary>
    public static ImagePreprocessing Inception { get; } = new()
    {
        Width = 299,
        Height = 299,
        ResizeTo = 342,
        Mean = [0.5f, 0.5f, 0.5f],
        Std = [0.5f, 0.5f, 0.5f],
    };

    /// <summary>ImageNet's colours and centre crop at another input size.</summary>
    /// <param name="height">The network's input height in pixels, 1 to 16384.</param>
    /// <param name="width">The network's input width in pixels, 1 to 16384.</param>
    /// <returns>The preprocessing.</returns>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public static ImagePreprocessing For(int height, int width)
    {
        var preprocessing = new ImagePreprocessing { Height = height, Width = width };
        preprocessing.Validate();
        return preprocessing;
    }

    /// <summary>How many planes the input has.</summary>
    internal int Planes => ColorOrder == ColorOrder.Gray ? 1 : 3;

    /// <summary>The shorter side before the crop, with the rule for null applied.</summary>
    internal int ShorterSide
    {
        get
        {
            var side = Math.Min(Width, Height);
            return ResizeTo ?? (side < SmallestPhotographicSide ? side : (int)Math.Round(side * 256.0 / 224.0));
        }
    }

    /// <summary>Checks every property; called once, where a preprocessing enters the library.</summary>
    /// <exception cref="ArgumentException">A property is out of range; the message names it.</exception>
    internal void Validate()
    {
        Require(Width is >= 1 and <= LargestSide, nameof(Width), Width, "the network's input width in pixels, 1 to 16384");
        Require(Height is >= 1 and <= LargestSide, nameof(Height), Height, "the network's input height in pixels, 1 to 16384");
        Require(Enum.IsDefined(Resize), nameof(Resize), Resize, "CenterCrop, Squash or Pad");
        Require(Enum.IsDefined(ColorOrder), nameof(ColorOrder), ColorOrder, "Rgb, Bgr or Gray");
        Require(float.IsFinite(Scale) && Scale > 0, nameof(Scale), Scale, "a positive factor, 1/255 for pixels in [0, 1]");
        string planes = Planes == 1 ? "one" : "three";
        Require(Mean.Count == Planes && Mean.All(float.IsFinite), nameof(Mean), Text(Mean), $"{planes} finite values, one a plane");
        Require(Std.Count == Planes && Std.All(s => float.IsFinite(s) && s > 0), nameof(Std), Text(Std), $"{planes} positive values, one a plane");
        if (Resize == ResizeRule.CenterCrop)
        {
            var side = Math.Min(Width, Height);
            Require(
                ShorterSide >= side && (ResizeTo is null || ResizeTo <= LargestSide), nameof(ResizeTo), ResizeTo,
                string.Create(CultureInfo.InvariantCulture, $"null, or the shorter side before the crop: {side} (the input's shorter side) to {LargestSide}"));
        }
    }

    /// <inheritdoc/>
    public bool Equals(ImagePreprocessing? other) =>
        other is not null
        && (Width, Height, Resize, ResizeTo, ColorOrder, Scale) == (other.Width, other.Height, other.Resize, other.ResizeTo, other.ColorOrder, other.Scale)
        && Mean.SequenceEqual(other.Mean)
        && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Width, Height, Resize, ResizeTo, ColorOrder, Scale, Mean.Sum(), Std.Sum());

    // The defaults are the colours', whatever the order of their planes.
    private ReadOnlyCollection<float> Usual(ReadOnlyCollection<float> colours, float grey) => ColorOrder switch
    {
        ColorOrder.Gray => Copy([grey]),
        ColorOrder.Bgr => Copy([.. colours.Reverse()]),
        _ => colours,
    };

    private static ReadOnlyCollection<float> Copy(IReadOnlyList<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Array.AsReadOnly([.. values]);
    }

    private static string Text(IReadOnlyList<float> values) =>
        "[" + string.Join(", ", values.Select(v => v.ToString(CultureInfo.InvariantCulture))) + "]";

    private static void Require(bool holds, string property, object? value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"ImagePreprocessing.{property} is {value ?? "null"}; expected {expected}."));
        }
    }
}
