using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Parsing;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// How a network's answers become a saliency map. Take one of the ready-made methods, or derive from the base that fits: a
/// method states its weights, its masks or its map, and nothing else.
/// </summary>
/// <remarks>
/// <para>Every map ends in relu, bilinear enlargement to the input's size and normalisation to [0,1], each image and class by itself.</para>
/// <para>The bases: <see cref="GradientMethod"/> and <see cref="ActivationMethod"/> combine the layer's maps,
/// <see cref="MaskMethod"/> and <see cref="TargetMaskMethod"/> mask the image with them, <see cref="AblationMethod"/> takes them
/// away one by one; <see cref="ImageMaskMethod"/> and <see cref="ImageMethod"/> need no layer.</para>
/// </remarks>
public abstract partial class SaliencyMethod
{
    private protected SaliencyMethod(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>
    /// The method's name in commands, reports and saved pipelines, for example <c>grad-cam</c> or <c>smooth(rise(masks=500),samples=4)</c>:
    /// what <see cref="Parse"/> reads, with the numbers that are not the default's.
    /// </summary>
    public string Name { get; }

    /// <summary>Whether the method explains a feature layer; if not, it works on the image and no layer can be named.</summary>
    public bool UsesLayer => Needs is MethodNeeds.Activation or MethodNeeds.Gradient;

    /// <summary>Whether <see cref="AbsCamOptions.Tolerance"/> spares the method forward passes; if not, its maps are exact whatever the tolerance.</summary>
    public bool UsesTolerance => StopsEarly;

    /// <summary>
    /// Whether the method weighs whole channels of the layer, as Grad-CAM does. Asked about a region or a box, its maps show all that looks like the answer, wherever
    /// it lies; methods that weigh place by place (<see cref="LayerCam"/>, <see cref="HiResCam"/>) show the place.
    /// </summary>
    public bool WeighsChannels => SharesWeights;

    internal bool NeedsGradient => Needs == MethodNeeds.Gradient;

    internal abstract MethodNeeds Needs { get; }

    /// <summary>Whether the method weighs by probabilities of masked images.</summary>
    internal virtual bool NeedsProbability => false;

    /// <summary>Whether the method weighs by logits of masked images.</summary>
    internal virtual bool NeedsLogit => false;

    /// <summary>Whether the method takes a large activation for much of a feature, and a negative one for less than none: with the signs of a channel and of its weights turned its maps are others.</summary>
    internal virtual bool AssumesPositive => false;

    /// <summary>Whether the method asks for second derivatives at the layer.</summary>
    internal virtual bool NeedsCurvature => false;

    /// <summary>Whether the method leaves out masked images where the tolerance allows it.</summary>
    internal virtual bool StopsEarly => false;

    /// <summary>Whether copies of the image are mirrored, so that no place of it can be asked about.</summary>
    internal virtual bool Mirrors => false;

    /// <summary>See <see cref="WeighsChannels"/>.</summary>
    internal virtual bool SharesWeights => false;

    /// <summary>Whether, besides forward passes, the method takes a few small operations on the layer's output.</summary>
    internal virtual bool IsLight => false;

    /// <summary>The map at the layer's size, written as nodes of a model file; null where nobody has told how.</summary>
    internal virtual Func<MapNodes, WrittenMap>? Nodes => null;

    /// <summary>The method of that name: one of <see cref="All"/>, <c>rise(masks=…,cells=…,keep=…,seed=…)</c>, <c>integrated-gradients(steps=…,baseline=…,blur=…)</c>, <c>occlusion(patch=…,stride=…,fill=…)</c>, <c>recipro-cam(gaussian=…)</c>, or <c>smooth(NAME,samples=…,noise=…,flips=…,seed=…)</c>.</summary>
    /// <param name="name">The name; upper and lower case are the same.</param>
    /// <exception cref="ArgumentException">There is no such method; the message names near ones.</exception>
    public static SaliencyMethod Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return MethodParser.Read(name);
    }

    /// <summary>As <see cref="Parse"/>, without the exception.</summary>
    /// <param name="name">The name.</param>
    /// <param name="method">The method, where there is one.</param>
    public static bool TryParse(string? name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SaliencyMethod? method)
    {
        try
        {
            method = name is null ? null : MethodParser.Read(name);
        }
        catch (ArgumentException)
        {
            method = null;
        }

        return method is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The layers of a network that are explained where nobody names one.</summary>
    /// <exception cref="ArgumentException">There is none that the method can explain.</exception>
    internal virtual FeatureLayer[] UsualLayers(ImageNetwork network) => [network.FindLayer(null)];

    /// <summary>Makes the maps of one batch at one layer.</summary>
    internal abstract LayerMaps Run(MethodContext context);
}
