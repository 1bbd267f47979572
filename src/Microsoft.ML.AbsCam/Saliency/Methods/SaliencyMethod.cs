using Microsoft.ML.AbsCam.Saliency.Methods;

namespace Microsoft.ML.AbsCam;

/// <summary>
/// How feature maps become a saliency map. Take one of the ready-made methods, or derive from <see cref="GradientMethod"/> or
/// <see cref="MaskMethod"/>: a method states its weights and nothing else.
/// </summary>
/// <remarks>Every map ends in relu, bilinear enlargement to the input's size and normalisation to [0,1], each image and class by itself.</remarks>
public abstract class SaliencyMethod
{
    private protected SaliencyMethod(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>Abs-CAM (arXiv 2207.03648), as <see cref="AbsCamOptions.Phase"/> and <see cref="AbsCamOptions.Masks"/> say. The default.</summary>
    public static SaliencyMethod AbsCam { get; } = new AbsCamFinal();

    /// <summary>Grad-CAM (Selvaraju et al., ICCV 2017).</summary>
    public static SaliencyMethod GradCam { get; } = new GradCam();

    /// <summary>Grad-CAM++ (Chattopadhay et al., WACV 2018).</summary>
    public static SaliencyMethod GradCamPlusPlus { get; } = new GradCamPlusPlus();

    /// <summary>HiResCAM (Draelos and Carin, arXiv 2011.08891).</summary>
    public static SaliencyMethod HiResCam { get; } = new HiResCam();

    /// <summary>XGrad-CAM (Fu et al., BMVC 2020).</summary>
    public static SaliencyMethod XGradCam { get; } = new XGradCam();

    /// <summary>LayerCAM (Jiang et al., IEEE TIP 2021).</summary>
    public static SaliencyMethod LayerCam { get; } = new LayerCam();

    /// <summary>Score-CAM (Wang et al., CVPR Workshops 2020), as its authors' code has it.</summary>
    public static SaliencyMethod ScoreCam { get; } = new ScoreCam();

    /// <summary>The ready-made methods.</summary>
    public static IReadOnlyList<SaliencyMethod> All { get; } = [AbsCam, GradCam, GradCamPlusPlus, HiResCam, XGradCam, LayerCam, ScoreCam];

    /// <summary>The method's name in commands and reports, for example <c>grad-cam</c>.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
