using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Saliency.Questions;
using Microsoft.ML.AbsCam.Telemetry;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>What all layers and all copies of one batch of images share: the network, the scores, and the count of forward passes.</summary>
/// <param name="network">The network.</param>
/// <param name="settings">What to do with it.</param>
/// <param name="input">The images [B,C,H,W].</param>
/// <param name="asks">What each row asks for.</param>
/// <param name="telemetry">Who listens; null for nobody.</param>
internal sealed class MethodBatch(ImageNetwork network, ExplainerSettings settings, Tensor input, RowAsks asks, BatchTelemetry? telemetry) : IDisposable
{
    private AskedBatch? _asked;

    public ExplainerSettings Settings => settings;

    /// <summary>How many images of each row went through the network, or through what lies behind the layer.</summary>
    public int[] Forwards { get; } = new int[input.shape[0]];

    /// <summary>Scores and targets of the images: of a pass that was made anyhow, or else of one of their own.</summary>
    public ScoredBatch Scored
    {
        get
        {
            if (_asked is null)
            {
                using var scope = NewDisposeScope();
                CountAll();
                using var timer = new PhaseTimer(telemetry, ExplainPhase.Forward);
                Take(network.RunForward(input, settings.Device, settings.Engine));
            }

            return _asked!.Scored;
        }
    }

    /// <summary>A pass through the network; its scores are the network's own.</summary>
    public LayerPass RunFromLayer(Tensor images, string layer)
    {
        CountAll();
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Forward);

        // Only libtorch differentiates twice.
        NetworkEngine engine = settings.Method.NeedsCurvature ? NetworkEngine.TorchSharp : settings.Engine;
        LayerPass pass = network.RunFromLayer(images, layer, settings.Device, settings.Method.NeedsGradient, engine, settings.Question.ReadsOutputs || settings.Method.NeedsCurvature);
        if (ReferenceEquals(images, input))
        {
            Take(pass.Logits);
        }

        return pass;
    }

    /// <summary>The gradient of each target's logit, [B,C,h,w] a target.</summary>
    public Tensor[] Gradients(LayerPass pass)
    {
        AskedBatch targets = Targets;
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Gradient);
        return targets.Gradients(network, pass);
    }

    /// <summary>The gradient g of each target's logit, and then the product H A of its Hessian and the activation, [B,C,h,w] a target.</summary>
    public Tensor[] Curvatures(LayerPass pass)
    {
        AskedBatch targets = Targets;
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Gradient);
        return targets.Curvatures(network, pass);
    }

    /// <summary>A pass through a transformer, counted.</summary>
    public AttentionPass Attend(Tensor images, bool withGraph)
    {
        _ = Targets;
        CountAll();
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Forward);
        return network.RunAttention(images, settings.Device, withGraph);
    }

    /// <summary>The gradients of the targets' logits at each attention matrix [T][blocks].</summary>
    public Tensor[][] Gradients(AttentionPass pass)
    {
        AskedBatch targets = Targets;
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Gradient);
        return network.Gradients(pass, targets.Logits);
    }

    /// <summary>A pass with what the scores are the sum of, counted; the targets' logits [B,T]; and their parts [T][parts].</summary>
    public (BiasPass Pass, Tensor Logits, Tensor[][] Parts) Biases(Tensor images)
    {
        AskedBatch targets = Targets;
        CountAll();
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Gradient);
        BiasPass pass = network.RunBiases(images, settings.Device);
        return (pass, targets.Logits(pass.Outputs.detach()), network.Parts(pass, targets.Logits));
    }

    /// <summary>The gradient of each target's logit at images [B,C,H,W] made of the rows' own, [B,C,H,W] a target.</summary>
    public Tensor[] GradientsAt(Tensor images)
    {
        AskedBatch targets = Targets;
        CountAll();
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Gradient);
        return targets.Gradients(network, network.RunFromInput(images, settings.Device));
    }

    /// <summary>The targets' logits [B,T] of what a pass of the batch's images, or of as many copies, gave.</summary>
    public Tensor Logits(Tensor scores) => Targets.Logits(scores);

    /// <summary>The probabilities of each row's targets [N,T] on images [N,C,H,W]; the caller counts them.</summary>
    /// <param name="images">Images made of the batch's.</param>
    /// <param name="rows">The row that each was made of.</param>
    public Tensor Score(Tensor images, ReadOnlySpan<int> rows)
    {
        AskedBatch targets = Targets;
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Masks);
        return targets.Probabilities(network.RunForward(images, settings.Device, settings.Engine), rows);
    }

    /// <summary>The logits of each row's targets [N,T] on images [N,C,H,W]; the caller counts them.</summary>
    /// <inheritdoc cref="Score"/>
    public Tensor LogitsOf(Tensor images, ReadOnlySpan<int> rows)
    {
        AskedBatch targets = Targets;
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Masks);
        return targets.Logits(network.RunForward(images, settings.Device, settings.Engine), rows);
    }

    /// <summary>The logits of the rows' targets [N,T] with another layer; the caller counts them.</summary>
    /// <param name="images">The images of these rows [N,C,H,W].</param>
    /// <param name="rows">The rows.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="activation">What it is to give.</param>
    public Tensor RunTail(Tensor images, ReadOnlySpan<int> rows, string layer, Tensor activation)
    {
        AskedBatch targets = Targets;
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Masks);
        return targets.Logits(network.RunTail(images, layer, activation, settings.Device), rows);
    }

    /// <summary>The probabilities of the rows' targets [N,T] with another layer; the caller counts them.</summary>
    /// <inheritdoc cref="RunTail"/>
    public Tensor ScoreTail(Tensor images, ReadOnlySpan<int> rows, string layer, Tensor activation)
    {
        AskedBatch targets = Targets;
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Masks);
        return targets.Probabilities(network.RunTail(images, layer, activation, settings.Device), rows);
    }

    /// <summary>Says that so many masked images are to be run.</summary>
    public static void ExpectMasks(int count) => Instruments.MasksExpected.Add(count);

    /// <summary>Says that so many of them were.</summary>
    public static void TellMasks(long count) => Instruments.Masks.Add(count);

    // What is asked of a row is settled by its own image, so that has to be scored before anything made of it is.
    private AskedBatch Targets
    {
        get
        {
            _ = Scored;
            return _asked!;
        }
    }

    private void Take(Tensor outputs)
    {
        if (_asked is null)
        {
            using var scope = NewDisposeScope();
            _asked = new AskedBatch(settings.Question, outputs.detach(), asks, OfEmptyImage);
        }
    }

    private Tensor OfEmptyImage() => network.RunForward(zeros_like(input.narrow(0, 0, 1)), settings.Device, settings.Engine);

    public void Dispose() => _asked?.Dispose();

    private void CountAll()
    {
        for (int row = 0; row < Forwards.Length; row++)
        {
            Forwards[row]++;
        }
    }
}
