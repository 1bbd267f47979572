using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Methods;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam;

/// <content>The ready-made methods, and those made of numbers or of a function.</content>
public abstract partial class SaliencyMethod
{
    /// <summary>The final map of Abs-CAM (arXiv 2207.03648), weighted: norm(relu(sum of p_k up(w_k A_k))), so that phase 1 stays in the result. The default.</summary>
    public static SaliencyMethod AbsCam { get; } = new AbsCamFinal("abs-cam", MaskReading.Weighted);

    /// <summary>The initial map of Abs-CAM (arXiv 2207.03648), phase 1: norm(relu(sum of w_k A_k)). One forward pass an image.</summary>
    public static SaliencyMethod AbsCamInitial { get; } = new AbsCamInitial();

    /// <summary>The final map of Abs-CAM (arXiv 2207.03648), read per channel: norm(relu(sum of p_k norm(up(w_k A_k)))). Phase 1 only chooses the channels.</summary>
    public static SaliencyMethod AbsCamPerChannel { get; } = new AbsCamFinal("abs-cam-per-channel", MaskReading.PerChannel);

    /// <summary>As <see cref="AbsCamPerChannel"/>, with the absolute logit in the probability's place.</summary>
    public static SaliencyMethod AbsCamPerChannelLogit { get; } = new AbsCamFinal("abs-cam-per-channel-logit", MaskReading.PerChannelLogit);

    /// <summary>The final map of Abs-CAM (arXiv 2207.03648) with one mask, the map M0 of phase 1: p M0. It ranks pixels as phase 1 does.</summary>
    public static SaliencyMethod AbsCamWhole { get; } = new AbsCamWhole();

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

    /// <summary>Score-CAM (Wang et al., CVPR Workshops 2020), as its authors' code has it. No gradient.</summary>
    public static SaliencyMethod ScoreCam { get; } = new ScoreCam();

    /// <summary>Ablation-CAM (Desai and Ramaswamy, WACV 2020). No gradient; one pass from the layer on a channel that is not all zero.</summary>
    public static SaliencyMethod AblationCam { get; } = new AblationCam();

    /// <summary>Eigen-CAM (Muhammad and Yeasin, IJCNN 2020). No gradient; the same map for every class.</summary>
    public static SaliencyMethod EigenCam { get; } = new EigenCam();

    /// <summary>Eigen-Grad-CAM: Eigen-CAM of gradient times activation, so that the map knows the class.</summary>
    public static SaliencyMethod EigenGradCam { get; } = new EigenGradCam();

    /// <summary>ShapleyCAM (Cai, arXiv 2501.06261) of the logit: Grad-CAM with second derivatives. Behind a layer that the rest reads linearly it is Grad-CAM.</summary>
    public static SaliencyMethod ShapleyCam { get; } = new ShapleyCam();

    /// <summary>Recipro-CAM (Byun and Lee, arXiv 2209.14074). No gradient; one pass from the layer on a place of the layer. <see cref="Parse"/> reads <c>recipro-cam(gaussian=true)</c>, the variant with the authors' filter.</summary>
    public static SaliencyMethod ReciproCam { get; } = new ReciproCam();

    /// <summary>RefineCAM (Domeniconi et al., arXiv 2605.14641): the product of the maps of Grad-CAM++ at the last layer of each size, unless layers are named.</summary>
    public static SaliencyMethod RefineCam { get; } = new RefineCam();

    /// <summary>Group-CAM (Zhang et al., arXiv 2103.13859) with 32 groups, as its authors' code has it.</summary>
    public static SaliencyMethod GroupCam { get; } = new GroupCam();

    /// <summary>RISE (Petsiuk et al., BMVC 2018) with 4000 masks of 8 x 8 cells, half of them open. No layer. <see cref="RiseWith"/> takes other numbers.</summary>
    public static SaliencyMethod Rise { get; } = new Rise();

    /// <summary>Occlusion (Zeiler and Fergus, ECCV 2014): what a patch takes off the probability, wherever it lies. No layer. <see cref="OcclusionWith"/> takes other numbers.</summary>
    public static SaliencyMethod Occlusion { get; } = new Occlusion();

    /// <summary>Integrated gradients (Sundararajan et al., ICML 2017) at the input, in 64 steps from an image of zeros. No layer. <see cref="IntegratedGradientsWith"/> takes other numbers.</summary>
    public static SaliencyMethod IntegratedGradients { get; } = new IntegratedGradients();

    /// <summary>FullGrad (Srinivas and Fleuret, NeurIPS 2019): the image and all biases, each times its gradient. No layer; refused where they do not add up to the score.</summary>
    public static SaliencyMethod FullGrad { get; } = new FullGrad();

    /// <summary>LeGrad (Bousselham et al., arXiv 2404.03214): the gradients at a transformer's attention matrices. No layer; refused where no such matrices are found.</summary>
    public static SaliencyMethod LeGrad { get; } = new LeGrad();

    /// <summary>Attention rollout (Abnar and Zuidema, ACL 2020): the product of a transformer's attention matrices; the same map for every class. No gradient and no layer.</summary>
    public static SaliencyMethod AttentionRollout { get; } = new AttentionRollout();

    /// <summary>A baseline: uniform noise, drawn from the image's content. It explains nothing. No layer.</summary>
    public static SaliencyMethod Random { get; } = new RandomBaseline();

    /// <summary>A baseline: a Gaussian in the middle of the image, its sigma a quarter of the image's size along each axis. It explains nothing. No layer.</summary>
    public static SaliencyMethod CenterGaussian { get; } = new CenterGaussian();

    /// <summary>The ready-made methods that explain networks of all kinds.</summary>
    public static IReadOnlyList<SaliencyMethod> All { get; } =
    [
        AbsCam, AbsCamInitial, AbsCamPerChannel, AbsCamPerChannelLogit, AbsCamWhole, GradCam, GradCamPlusPlus, HiResCam, XGradCam, LayerCam, ScoreCam,
        AblationCam, EigenCam, EigenGradCam, ShapleyCam, ReciproCam, RefineCam, GroupCam, Rise, Occlusion, IntegratedGradients, Random, CenterGaussian,
    ];

    /// <summary>Ready-made methods besides <see cref="All"/> that only some networks answer, such as those with attention, and are refused by name elsewhere.</summary>
    public static IReadOnlyList<SaliencyMethod> ForSomeNetworks { get; } = [FullGrad, LeGrad, AttentionRollout];

    /// <summary>RISE (Petsiuk et al., BMVC 2018) with numbers of one's own.</summary>
    /// <param name="masks">How many masks an image, 1 to 1,000,000. Default: 4000.</param>
    /// <param name="cells">Cells of a mask along each axis, 1 to 64. Default: 8, as in the authors' code.</param>
    /// <param name="keep">The probability that a cell is open, above 0 and below 1. Default: 0.5.</param>
    /// <param name="seed">Other masks for another number. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static SaliencyMethod RiseWith(int masks = Saliency.Methods.Rise.DefaultMasks, int cells = Saliency.Methods.Rise.DefaultCells, double keep = Saliency.Methods.Rise.DefaultKeep, int seed = 0)
        => new Rise(masks, cells, keep, seed);

    /// <summary>Occlusion (Zeiler and Fergus, ECCV 2014) with numbers of one's own.</summary>
    /// <param name="patch">Pixels of the patch's side in the network's input. Default: 0, which takes a seventh of the image's shorter side.</param>
    /// <param name="stride">Pixels from one patch to the next, at most the patch. Default: 0, which takes half the patch.</param>
    /// <param name="fill">What the patch is filled with, as a number of the network's input, where 0 is mostly the mean colour. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static SaliencyMethod OcclusionWith(int patch = 0, int stride = 0, double fill = 0) => new Occlusion(patch, stride, fill);

    /// <summary>Integrated gradients (Sundararajan et al., ICML 2017) at the input, with numbers of one's own.</summary>
    /// <param name="steps">Points on the way from the baseline to the image, 1 to 10,000; a pass and a gradient each. Default: 64.</param>
    /// <param name="baseline">What fills the baseline image, as a number of the network's input, where 0 is mostly the mean colour. Default: 0.</param>
    /// <param name="blur">The sigma of the blur that adds up what single pixels count for, as a share of the image's shorter side, 0 to 1; 0 for none. Default: 0.02.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static SaliencyMethod IntegratedGradientsWith(
        int steps = Saliency.Methods.IntegratedGradients.DefaultSteps, double baseline = 0, double blur = Saliency.Methods.IntegratedGradients.DefaultBlur)
        => new IntegratedGradients(steps, baseline, blur);

    /// <summary>
    /// The mean of a method's maps over copies of the image, noisy ones as in SmoothGrad (Smilkov et al., arXiv 1706.03825) and
    /// mirrored ones. Each copy's map is normalised to [0,1] before, so that all count alike; a flat one counts as zeros. The
    /// target is that of the image itself.
    /// </summary>
    /// <param name="inner">Any method but a smoothed one.</param>
    /// <param name="samples">How many copies, 1 to 10,000. Default: 16.</param>
    /// <param name="noise">The standard deviation of the noise, as a share of the input's maximum - minimum, 0 to 1. Default: 0.1.</param>
    /// <param name="flips">Whether every second copy is mirrored left to right, and its map mirrored back. Default: yes.</param>
    /// <param name="seed">Other noise for another number; the same for every image. Default: 0.</param>
    /// <exception cref="ArgumentException">The method is smoothed already, or a number is out of its range.</exception>
    public static SaliencyMethod Smoothed(SaliencyMethod inner, int samples = SmoothedMethod.DefaultSamples, double noise = SmoothedMethod.DefaultNoise, bool flips = true, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return new SmoothedMethod(inner, samples, noise, flips, seed);
    }

    /// <summary>A method of one's own, from activations A [B,C,h,w] and gradients [B,C,h,w] to maps [B,h,w]; as <see cref="GradientMethod"/>.</summary>
    /// <param name="name">A name for reports. A saved pipeline cannot carry the method.</param>
    /// <param name="combine">See <see cref="GradientMethod.Combine"/>.</param>
    public static SaliencyMethod FromGradients(string name, Func<Tensor, Tensor, Tensor> combine)
    {
        ArgumentNullException.ThrowIfNull(combine);
        return new GradientFunction(name, combine);
    }

    /// <summary>A method of one's own, from activations A [B,C,h,w] to maps [B,h,w]; as <see cref="ActivationMethod"/>.</summary>
    /// <param name="name">A name for reports. A saved pipeline cannot carry the method.</param>
    /// <param name="combine">See <see cref="ActivationMethod.Combine"/>.</param>
    public static SaliencyMethod FromActivations(string name, Func<Tensor, Tensor> combine)
    {
        ArgumentNullException.ThrowIfNull(combine);
        return new ActivationFunction(name, combine);
    }
}
