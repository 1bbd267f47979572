namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>What a method does and what it costs, in a sentence for people who choose one.</summary>
internal static class MethodTexts
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        [SaliencyMethod.AbsCam.Name] = "Abs-CAM's final map: shows the network the photo through one channel after the other, and weighs them by what it then says. Slower: a pass for each channel that counts.",
        [SaliencyMethod.AbsCamInitial.Name] = "Abs-CAM's first map: channels weighed by the size of their gradients. Fast: one pass and one gradient.",
        [SaliencyMethod.AbsCamPerChannel.Name] = "Abs-CAM's final map in another reading: each channel's mask is added up by itself. Slower: a pass for each channel that counts.",
        [SaliencyMethod.AbsCamPerChannelLogit.Name] = "Abs-CAM's final map in another reading: each channel's mask is added up with the size of the class's score instead of its probability. Slower: a pass for each channel that counts.",
        [SaliencyMethod.AbsCamWhole.Name] = "Abs-CAM's final map in another reading: the first map as one mask. Fast: one pass more.",
        [SaliencyMethod.GradCam.Name] = "Grad-CAM: channels weighed by their mean gradients. Fast: one pass and one gradient.",
        [SaliencyMethod.GradCamPlusPlus.Name] = "Grad-CAM++: as Grad-CAM, with weights that favour several objects of a class. Fast.",
        [SaliencyMethod.HiResCam.Name] = "HiResCAM: gradient times activation, place by place. Fast.",
        [SaliencyMethod.XGradCam.Name] = "XGrad-CAM: gradients weighed by the activations. Fast.",
        [SaliencyMethod.LayerCam.Name] = "LayerCAM: positive gradients weigh each place by itself; good at early layers. Fast.",
        [SaliencyMethod.ScoreCam.Name] = "Score-CAM: channels as masks, without a gradient. Slower: a pass for each channel.",
        [SaliencyMethod.AblationCam.Name] = "Ablation-CAM: takes one channel away after the other. Slower: a part of a pass for each channel.",
        [SaliencyMethod.EigenCam.Name] = "Eigen-CAM: the main direction of the activations, the same for every class. Fast: one pass.",
        [SaliencyMethod.EigenGradCam.Name] = "Eigen-Grad-CAM: the main direction of gradient times activation. Fast: one pass and one gradient.",
        [SaliencyMethod.ShapleyCam.Name] = "ShapleyCAM: Grad-CAM with second derivatives. Fast: one pass and two gradients.",
        [SaliencyMethod.RefineCam.Name] = "RefineCAM: Grad-CAM++ at the last layer of each size, multiplied; finer. Fast: a pass and a gradient for each size.",
        [SaliencyMethod.ReciproCam.Name] = "Recipro-CAM: leaves the network one place of the layer after the other, without a gradient. Slower: a part of a pass for each place.",
        [SaliencyMethod.GroupCam.Name] = "Group-CAM: channels in 32 groups as masks over a blurred photo. About 32 passes.",
        [SaliencyMethod.Rise.Name] = "RISE: thousands of random masks. Very slow.",
        [SaliencyMethod.IntegratedGradients.Name] = "Integrated gradients: what each pixel adds on the way from a plain image to the photo; fine. Slow: 64 passes and gradients.",
        [SaliencyMethod.FullGrad.Name] = "FullGrad: the photo and all biases, each times its gradient; fine. For networks of ReLU; one pass and one gradient more.",
        [SaliencyMethod.LeGrad.Name] = "LeGrad: the gradients at a transformer's attention. For transformers; fast: one pass and one gradient more.",
        [SaliencyMethod.AttentionRollout.Name] = "Attention rollout: what the tokens of a transformer attend to, block by block, the same for every class. For transformers; fast.",
        [SaliencyMethod.Occlusion.Name] = "Occlusion: covers one patch of the photo after the other, and looks at what the class loses. Slow: about 170 passes.",
    };

    public static string Of(SaliencyMethod method) => Texts.GetValueOrDefault(method.Name, "");
}
