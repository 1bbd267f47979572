using Microsoft.ML.AbsCam.Baking;
using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Networks.Baked;
using Microsoft.ML.AbsCam.Networks.Onnx.Runtime;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using Microsoft.ML.AbsCam.Pipeline.Baked;
using Microsoft.ML.AbsCam.Pipeline.Friend;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Saliency.Stopping;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Pipeline;

/// <summary>Reads the network, settles layer and device, says once what was settled, and checks what only the network can tell.</summary>
internal sealed class ExplainerFactory
{
    /// <param name="host">Where messages go.</param>
    /// <param name="network">The network.</param>
    /// <param name="options">How to explain it.</param>
    /// <param name="layers">What <see cref="AbsCamOptions.LayersFor"/> gave.</param>
    public ExplainerFactory(IHost host, ImageNetwork network, AbsCamOptions options, IReadOnlyList<FeatureLayer> layers)
    {
        Shape = network.Shape;
        options = options.FittedTo(network);
        NetworkFit.CheckClasses(network.Name, KnownShape.Of(Shape), options);
        NetworkFit.CheckScoresOutput(network, options);
        NetworkFit.CheckTask(network, options);
        if (network is BakedImageNetwork baked)
        {
            Explainer = BakedStart.Open(host, baked, options);
            return;
        }

        Question question = QuestionOf.Target(network, options.Target, options.ScoreRule, options.Labels);
        SaliencyMethod method = options.Method;
        if (options.Columns.Scores is { } scores && question is SeveralQuestion && question.Parts.Any(part => part is not ClassQuestion))
        {
            throw new ArgumentException($"The column '{scores}' holds the scores of all classes, and the questions ({options.Target}) have scores of their own each. Leave it out, or ask one question.");
        }

        if (method.NeedsProbability && !question.HasProbabilities)
        {
            throw new ArgumentException($"The method '{method}' weighs by probabilities, and with {nameof(ScoreRule)}.{nameof(ScoreRule.None)} the network '{network.Name}' has none. Take one without, such as '{SaliencyMethod.AbsCamInitial}' or '{SaliencyMethod.GradCam}'.");
        }

        if (method.NeedsLogit && !question.HasLogits)
        {
            throw new ArgumentException($"The method '{method}' weighs by logits, and the network '{network.Name}' gives probabilities whose logits were not found. Take '{SaliencyMethod.AbsCamPerChannel}', or a network that ends in its logits.");
        }

        if (method.Mirrors && question.IsPlaced)
        {
            throw new ArgumentException($"The method '{method}' mirrors copies of the image, and {options.Target} is asked about where it lies. Leave the mirrored copies out: smooth(NAME,flips=false).");
        }

        if (method.Needs == MethodNeeds.Biases && network.WhyNoBiases is string noSum)
        {
            throw new ArgumentException($"The method '{method}' adds up input and biases, and the network '{network.Name}' is no such sum: {noSum}. Take another method, such as '{SaliencyMethod.IntegratedGradients}'.");
        }

        if (method.Needs == MethodNeeds.Attention && network.WhyNoAttention is string whyNone)
        {
            throw new ArgumentException($"The method '{method}' reads attention matrices, and there are none in the network '{network.Name}': {whyNone}. Take another method, such as '{SaliencyMethod.GradCam}'.");
        }

        if (method.Needs == MethodNeeds.InputGradient && network.WhyNoInputGradient is string why)
        {
            throw new ArgumentException($"The method '{method}' needs the gradient at the input, and there is none in the network '{network.Name}': {why}. Take one without, such as '{SaliencyMethod.Occlusion}'.");
        }

        int? cuda = options.GpuDeviceId ?? CatalogEnvironment.GpuDeviceId(host);
        IExplainer? own = options.Engine == NetworkEngine.TorchSharp || options.ScoreRule != ScoreRule.Auto || (cuda is not null && RuntimeSession.WhyNoCuda is not null)
            ? null
            : OwnPass.TryOpen(network, method, layers, options.MapSize, options.Target, options.Labels ?? network.Labels, cuda, () => ByPasses(Choose()));
        DeviceChoice chosen = own is null ? Choose() : new DeviceChoice(LibTorch.Cpu, new EngineChoice(NetworkEngine.OnnxRuntime, options.Engine == NetworkEngine.Auto ? "it agrees with TorchSharp on this network" : "asked for", Cuda: cuda));
        using (IChannel channel = host.Start("AbsCam"))
        {
            foreach (FeatureLayer layer in layers)
            {
                channel.Info($"Abs-CAM explains layer '{layer.Name}' of '{network.Name}' ({layer.Operator}, {layer.Channels} x {layer.Height} x {layer.Width}) on {chosen}: {layer.Verdict}");
            }

            if (layers.Count == 0)
            {
                channel.Info($"The method '{options.Method}' explains '{network.Name}' without a layer, on {chosen}.");
            }

            channel.Info($"'{network.Name}' is taken to {network.WhyTask}.");
            channel.Info(question.ToString());
            if (options.Preprocessing is null && (network.TakesLevels || Shape.Channels == 1))
            {
                ImagePreprocessing taken = EffectivePreprocessing.Usual(network);
                channel.Info($"'{network.Name}' takes {network.Levels?.ToString() ?? (Shape.Channels == 1 ? "one channel" : "levels of pixels")}: photos go in as {(taken.Planes == 1 ? "grey " : "")}levels of 0 to 255 times {taken.Scale}, minus {taken.Mean[0]}, divided by {taken.Std[0]}. {nameof(AbsCamOptions)}.{nameof(AbsCamOptions.Preprocessing)} says otherwise.");
            }

            channel.Info(network.HasEngine ? chosen.Engine.ToString() : $"Scores of '{network.Name}' are made by a function of this program.");
            if (QuestionNotes.OfPlace(question, method) is { } note)
            {
                channel.Warning(note);
            }

            if (QuestionNotes.OfSigns(network, layers, method) is { } signs)
            {
                channel.Warning(signs);
            }

            if (network.Remark is { } remark)
            {
                channel.Info(remark);
            }
        }

        Explainer = own ?? ByPasses(chosen);

        DeviceChoice Choose() => DeviceChoice.Of(host, network, options, [.. layers.Select(layer => layer.Name)], method.NeedsGradient);

        Explainer ByPasses(DeviceChoice chosen) => new(network, new ExplainerSettings(
            layers, options.Fusion, method, new MapTolerance(options.Tolerance, options.ToleranceKind), options.MapSize == MapSize.Layer, options.MaskBatchSize,
            question, chosen.Device, chosen.Engine.Engine)
        {
            IsWhollyInRuntime = chosen.Engine.IsWholly,
        });
    }

    public NetworkShape Shape { get; }

    public IExplainer Explainer { get; }
}
