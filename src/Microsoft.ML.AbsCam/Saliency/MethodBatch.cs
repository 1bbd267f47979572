using Microsoft.ML.AbsCam.Networks;
using Microsoft.ML.AbsCam.Telemetry;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>What all layers and all copies of one batch of images share: the network, the scores, and the count of forward passes.</summary>
/// <param name="network">The network.</param>
/// <param name="settings">What to do with it.</param>
/// <param name="input">The images [B,C,H,W].</param>
/// <param name="rowTargets">The class each row asks for; null takes the network's highest.</param>
/// <param name="telemetry">Who listens; null for nobody.</param>
internal sealed class MethodBatch(ImageNetwork network, ExplainerSettings settings, Tensor input, int[]? rowTargets, BatchTelemetry? telemetry)
{
    private ScoredBatch? _scored;

    public ExplainerSettings Settings => settings;

    /// <summary>How many images of each row went through the network, or through what lies behind the layer.</summary>
    public int[] Forwards { get; } = new int[input.shape[0]];

    /// <summary>Scores and targets of the images: of a pass that was made anyhow, or else of one of their own.</summary>
    public ScoredBatch Scored
    {
        get
        {
            if (_scored is null)
            {
                using var scope = NewDisposeScope();
                CountAll();
                using var timer = new PhaseTimer(telemetry, ExplainPhase.Forward);
                Take(network.RunForward(input, settings.Device, settings.Engine));
            }

            return _scored!;
        }
    }

    /// <summary>A pass through the network; its scores are the network's own.</summary>
    public LayerPass RunFromLayer(Tensor images, string layer)
    {
        CountAll();
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Forward);
        LayerPass pass = network.RunFromLayer(images, layer, settings.Device, settings.Method.NeedsGradient, settings.Engine);
        if (ReferenceEquals(images, input))
        {
            Take(pass.Logits);
        }

        return pass;
    }

    /// <summary>The gradient of each target's logit, [B,C,h,w] a target.</summary>
    public Tensor[] Gradients(LayerPass pass, ScoredBatch scored)
    {
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Gradient);
        long[][] classes = [.. Enumerable.Range(0, scored.TargetsPerRow).Select(t => Enumerable.Range(0, scored.Rows).Select(row => (long)scored.SafeTargets[(row * scored.TargetsPerRow) + t]).ToArray())];
        return settings.Scores.OfLogits(network.Gradients(pass, settings.Scores.ScoresOf(classes)), pass.Logits, classes);
    }

    /// <summary>The classes' logits [N,classes] of what a pass gave.</summary>
    public Tensor Logits(Tensor scores) => settings.Scores.Logits(scores);

    /// <summary>Probabilities [N,classes] of images [N,C,H,W]; the caller counts them.</summary>
    public Tensor Score(Tensor images)
    {
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Masks);
        return settings.Scores.Probabilities(Logits(network.RunForward(images, settings.Device, settings.Engine)));
    }

    /// <summary>Logits [N,classes] of images [N,C,H,W]; the caller counts them.</summary>
    public Tensor LogitsOf(Tensor images)
    {
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Masks);
        return Logits(network.RunForward(images, settings.Device, settings.Engine));
    }

    /// <summary>Logits [N,classes] of images [N,C,H,W] with another layer; the caller counts them.</summary>
    public Tensor RunTail(Tensor images, string layer, Tensor activation)
    {
        using var timer = new PhaseTimer(telemetry, ExplainPhase.Masks);
        return Logits(network.RunTail(images, layer, activation, settings.Device));
    }

    /// <summary>Says that so many masked images are to be run.</summary>
    public static void ExpectMasks(int count) => Instruments.MasksExpected.Add(count);

    /// <summary>Says that so many of them were.</summary>
    public static void TellMasks(long count) => Instruments.Masks.Add(count);

    private void Take(Tensor scores) => _scored ??= new ScoredBatch(Logits(scores.detach()), settings.Scores.Probabilities, rowTargets, settings.TargetsPerRow);

    private void CountAll()
    {
        for (int row = 0; row < Forwards.Length; row++)
        {
            Forwards[row]++;
        }
    }
}
